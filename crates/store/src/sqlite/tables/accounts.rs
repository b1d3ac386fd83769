//! Accounts: who may sign in, and with which roles.
//!
//! Names and logins are sealed; a login is found by a keyed stand-in, so that the file does not list who works here.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{open_json, seal_json};
use crate::accounts::{Account, Accounts};
use crate::error::{Failure, ReadError, WriteError};
use crate::seal::Keys;
use crate::sqlite::columns::{id_bytes, maybe_uuid, uuid};
use crate::sqlite::store::SqliteStore;

const TABLE: &str = "account";

#[derive(Serialize, Deserialize)]
struct Sealed {
    login: String,
    display_name: String,
    roles: Vec<String>,
    password_hash: String,
    created_at_ms: i64,
}

impl Accounts for SqliteStore {
    fn create_account(&self, account: Account) -> Result<(), WriteError> {
        self.write(move |connection, keys| {
            let lookup = lookup(keys, &account.login);
            if exists(connection, "SELECT 1 FROM account WHERE login_lookup = ?1", &lookup)? {
                return Err(WriteError::Taken("login"));
            }
            if exists(connection, "SELECT 1 FROM account WHERE account_id = ?1", account.id.as_bytes())? {
                return Err(WriteError::Taken("account id"));
            }
            connection.execute(
                "INSERT INTO account (account_id, login_lookup, patient_id, active, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    account.id.as_bytes(),
                    lookup,
                    id_bytes(account.patient),
                    account.active,
                    seal(keys, &account)?,
                ],
            )?;
            Ok(())
        })
    }

    fn find_account_by_login(&self, login: &str) -> Result<Option<Account>, ReadError> {
        self.read(|connection| find(connection, self.keys(), "WHERE login_lookup = ?1", &lookup(self.keys(), login)))
    }

    fn account(&self, id: Uuid) -> Result<Option<Account>, ReadError> {
        self.read(|connection| find(connection, self.keys(), "WHERE account_id = ?1", id.as_bytes()))
    }

    fn accounts(&self) -> Result<Vec<Account>, ReadError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT account_id, patient_id, active, sealed FROM account")?;
            let mut rows = statement.query([])?;
            let mut accounts = Vec::new();
            while let Some(row) = rows.next()? {
                accounts.push(open(self.keys(), row)?);
            }
            accounts.sort_by(|a, b| (&a.display_name, a.id).cmp(&(&b.display_name, b.id)));
            Ok(accounts)
        })
    }

    fn set_account_password(&self, id: Uuid, password_hash: String) -> Result<(), WriteError> {
        self.change_account(id, move |account| account.password_hash.clone_from(&password_hash))
    }

    fn set_account_active(&self, id: Uuid, active: bool) -> Result<(), WriteError> {
        self.change_account(id, move |account| account.active = active)
    }

    fn set_account_roles(&self, id: Uuid, roles: Vec<String>) -> Result<(), WriteError> {
        self.change_account(id, move |account| account.roles.clone_from(&roles))
    }
}

impl SqliteStore {
    fn change_account(&self, id: Uuid, change: impl Fn(&mut Account) + Send + 'static) -> Result<(), WriteError> {
        self.write(move |connection, keys| {
            let found = find(connection, keys, "WHERE account_id = ?1", id.as_bytes());
            let mut account = match found {
                Ok(Some(account)) => account,
                Ok(None) => return Err(WriteError::NotFound("account")),
                Err(ReadError::Failure(failure)) => return Err(failure.into()),
                Err(other) => return Err(Failure::Shape(other.to_string()).into()),
            };
            change(&mut account);
            connection.execute(
                "UPDATE account SET active = ?2, sealed = ?3 WHERE account_id = ?1",
                params![id.as_bytes(), account.active, seal(keys, &account)?],
            )?;
            Ok(())
        })
    }
}

fn lookup(keys: &Keys, login: &str) -> [u8; 32] {
    keys.lookup(&format!("login\n{}", login.trim().to_lowercase()))
}

fn exists(connection: &Connection, sql: &str, key: &[u8]) -> Result<bool, rusqlite::Error> {
    connection.prepare_cached(sql)?.exists([key])
}

fn seal(keys: &Keys, account: &Account) -> Result<Vec<u8>, Failure> {
    let sealed = Sealed {
        login: account.login.clone(),
        display_name: account.display_name.clone(),
        roles: account.roles.clone(),
        password_hash: account.password_hash.clone(),
        created_at_ms: account.created_at_ms,
    };
    seal_json(keys, TABLE, account.id.as_bytes(), &sealed)
}

fn find(connection: &Connection, keys: &Keys, condition: &str, key: &[u8]) -> Result<Option<Account>, ReadError> {
    let sql = format!("SELECT account_id, patient_id, active, sealed FROM account {condition}");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_row([key], |row| Ok(open(keys, row))).optional()?;
    found.transpose()
}

fn open(keys: &Keys, row: &rusqlite::Row<'_>) -> Result<Account, ReadError> {
    let id = uuid(row, 0)?;
    let sealed: Vec<u8> = row.get(3)?;
    let opened: Sealed = open_json(keys, TABLE, id.as_bytes(), &sealed, || format!("the account {id}"))?;
    Ok(Account {
        id,
        login: opened.login,
        display_name: opened.display_name,
        roles: opened.roles,
        password_hash: opened.password_hash,
        active: row.get(2)?,
        created_at_ms: opened.created_at_ms,
        patient: maybe_uuid(row, 1)?,
    })
}
