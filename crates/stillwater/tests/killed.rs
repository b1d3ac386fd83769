//! The server killed in the middle of a session, and a disk that is full: nothing acknowledged is lost, nothing is
//! half-written, and what was missed in the meantime escalates by itself.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use stillwater_care::event::Draft;
use stillwater_care::facts::Setting;
use stillwater_care::roles::Actor;
use stillwater_clinic::accounts::Account;
use stillwater_clinic::charts::run_ticker;
use stillwater_clinic::clock::{AheadClock, RealClock};
use stillwater_server::auth::password::hash_now;
use stillwater_server::{App, Clinic};
use stillwater_store::{Options, Store};
use stillwater_testkit::{Course, guide};

const PROGRAM: &str = env!("CARGO_BIN_EXE_stillwater");
/// How long something that must come may take before the test gives up: far beyond the slowest machine.
const PATIENCE: Duration = Duration::from_secs(600);
const PASSWORD: &str = "lantern river copper";

/// A folder that is removed when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("stillwater-killed-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A session at home whose dose was taken so long before now.
fn session_that_runs(dosed: SignedDuration) -> (Course, String) {
    let lasts = {
        let mut rehearsal = Course::new();
        let began = rehearsal.now;
        rehearsal.dosed(Setting::Home);
        rehearsal.now.duration_since(began)
    };
    let mut course = Course::new();
    course.now = Timestamp::now() - lasts - dosed;
    let session = course.dosed(Setting::Home);
    let cockpit = format!("/patients/{}/sessions/{session}", course.chart.id);
    (course, cockpit)
}

/// Records the course in a new installation, with an account for its guide.
fn furnish(folder: &Path, course: &Course) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(folder, Options::default()).unwrap();
        let app = App::over(store, Arc::new(RealClock), Clinic::default()).unwrap();
        let Actor::Staff { id, name, role } = guide() else { panic!("a guide is staff") };
        let account = Account {
            id: id.0,
            login: "guide".into(),
            display_name: name,
            roles: vec![role],
            password_hash: Some(hash_now(PASSWORD).unwrap()),
            active: true,
            patient: None,
        };
        app.accounts.create_account(account).await.unwrap();
        let drafts = course
            .log
            .iter()
            .map(|one| Draft {
                id: one.id,
                occurred_at: one.occurred_at,
                recorded_at: one.recorded_at,
                actor: one.actor.clone(),
                event: one.event.clone(),
            })
            .collect();
        app.charts.record_whole(course.chart.id, drafts, course.now).unwrap();
    });
}

/// A server process; killed, not asked, when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--port", "0", "--on-call-phone", "555-0100", "--data"])
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let address = line.split("http://").nth(1).unwrap().trim().to_owned();
        // Whatever else it prints is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program's own server over the same folder, in this process, so that its clock can run ahead.
struct Later {
    address: String,
    app: App,
    running: std::thread::JoinHandle<()>,
}

impl Later {
    fn start(folder: &Path, ahead: SignedDuration) -> Self {
        let store = Store::open(folder, Options::default()).unwrap();
        let clock = AheadClock::by_ms(i64::try_from(ahead.as_millis()).unwrap());
        let app = App::over(store, Arc::new(clock), Clinic::default()).unwrap();
        let (here, there) = std::sync::mpsc::channel();
        let serving = app.clone();
        let running = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                here.send(listener.local_addr().unwrap().to_string()).unwrap();
                let stop = serving.stop.clone();
                let ticker = run_ticker(
                    Arc::clone(&serving.charts),
                    serving.accounts.clone(),
                    Arc::clone(&serving.clock),
                    stop.clone(),
                );
                let ticker = tokio::spawn(ticker);
                stillwater_server::serve(serving, listener, async move { stop.cancelled().await }).await.unwrap();
                ticker.await.unwrap();
            });
        });
        Self { address: there.recv().unwrap(), app, running }
    }

    fn stop(self) {
        self.app.stop.cancel();
        drop(self.app);
        self.running.join().unwrap();
    }
}

/// A browser that keeps its cookies over restarts of the server.
#[derive(Default)]
struct Browser {
    cookies: Vec<(String, String)>,
}

impl Browser {
    fn ask(&mut self, address: &str, method: &str, path: &str, body: &str) -> (u16, String) {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\naccept: text/html\r\nconnection: close\r\ncookie: {cookies}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}",
            host = address,
            cookies = cookies.join("; "),
            length = body.len()
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        for line in head.lines().filter(|line| line.to_lowercase().starts_with("set-cookie:")) {
            let (name, value) = line["set-cookie:".len()..].split(';').next().unwrap().trim().split_once('=').unwrap();
            self.cookies.retain(|(kept, _)| kept != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    fn sign_in(&mut self, address: &str) {
        let fields = [("login", "guide"), ("password", PASSWORD)];
        assert_eq!(self.send(address, "/sign-in", "/sign-in", &fields), 303);
    }

    fn get(&mut self, address: &str, path: &str) -> String {
        let (status, body) = self.ask(address, "GET", path, "");
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    fn send(&mut self, address: &str, from: &str, to: &str, fields: &[(&str, &str)]) -> u16 {
        let page = self.get(address, from);
        let hidden = |name: &str| {
            let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
            rest.split('"').next()
        };
        let known = ["csrf", "command_id", "seq"].into_iter().filter_map(|name| Some((name, hidden(name)?)));
        let fields = known.chain(fields.iter().copied());
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.ask(address, "POST", to, &body).0
    }
}

fn ended(folder: &Path, args: &[&str]) -> (i32, String) {
    let output = Command::new(PROGRAM).args(args).arg("--data").arg(folder).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap_or(-1), text)
}

#[test]
fn a_server_killed_in_mid_session_comes_back_with_every_acknowledged_entry() {
    let folder = Folder::new("session");
    // The next look-in is missed 20 minutes after the dose: long after this test, on whatever machine.
    let (course, cockpit) = session_that_runs(SignedDuration::from_mins(2));
    furnish(&folder.0, &course);
    let server = Server::start(&folder.0);
    let mut browser = Browser::default();
    browser.sign_in(&server.address);
    assert!(browser.get(&server.address, &cockpit).contains("observing"));
    let mut acknowledged = Vec::new();
    for systolic in ["131", "133", "135"] {
        let reading = [("systolic", systolic), ("diastolic", "84"), ("source", "device")];
        let status = browser.send(&server.address, &cockpit, &format!("{cockpit}/update"), &reading);
        assert_eq!(status, 303, "{systolic}/84 is recorded");
        acknowledged.push(format!("{systolic}/84"));
    }
    server.kill();

    let server = Server::start(&folder.0);
    let page = browser.get(&server.address, &cockpit);
    assert!(page.contains("observing"), "the session still runs");
    for reading in &acknowledged {
        assert!(page.contains(reading), "{reading} was acknowledged and is lost");
    }
    server.kill();
    let (code, says) = ended(&folder.0, &["verify"]);
    assert_eq!(code, 0, "{says}");
}

#[test]
fn a_look_in_missed_while_the_server_was_down_escalates_by_itself() {
    let folder = Folder::new("missed");
    let (course, cockpit) = session_that_runs(SignedDuration::from_mins(2));
    furnish(&folder.0, &course);
    let server = Server::start(&folder.0);
    let mut browser = Browser::default();
    browser.sign_in(&server.address);
    assert!(!browser.get(&server.address, &cockpit).contains("look-in missed"), "nothing is missed yet");
    server.kill();

    // The same record half an hour later, by a clock that runs ahead. Nobody asks anything of the chart before it escalates.
    let later = Later::start(&folder.0, SignedDuration::from_mins(30));
    browser.sign_in(&later.address);
    let began = Instant::now();
    while !browser.get(&later.address, "/inbox").contains("missed") {
        assert!(began.elapsed() < PATIENCE, "the missed look-in did not escalate");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(browser.get(&later.address, &cockpit).contains("observing"), "the session still runs");
    later.stop();
    let (code, says) = ended(&folder.0, &["verify"]);
    assert_eq!(code, 0, "{says}");
}

#[test]
fn a_full_disk_is_told_and_leaves_nothing_half_written() {
    let folder = Folder::new("full");
    let (course, _) = session_that_runs(SignedDuration::from_mins(5));
    furnish(&folder.0, &course);
    let before = ended(&folder.0, &["export", &course.chart.id.to_string(), "--format", "json"]);
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fhir/tests/samples/veterans.ndjson");
    // The shell limits how far any file may grow, which a program meets as a write that fails.
    let write_ahead = folder.0.read_dir().unwrap().map(|f| f.unwrap().metadata().unwrap().len()).max().unwrap();
    let blocks = write_ahead / 512 + 8;
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""))
        .args(["sh", PROGRAM, "import"])
        .arg(&sample)
        .arg("--data")
        .arg(&folder.0)
        .output()
        .unwrap();
    let says = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{says}");
    assert!(says.contains("disk") || says.contains("full") || says.contains("large"), "{says}");
    let (code, verified) = ended(&folder.0, &["verify"]);
    assert_eq!(code, 0, "{verified}");
    assert_eq!(ended(&folder.0, &["export", &course.chart.id.to_string(), "--format", "json"]).0, before.0);
    // With room again, the same command does all of its work.
    let output = Command::new(PROGRAM).arg("import").arg(&sample).arg("--data").arg(&folder.0).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}
