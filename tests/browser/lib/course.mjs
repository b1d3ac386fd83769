// What the walk of a whole course does on many pages: fills forms, answers questionnaires, lets the demo's clock run.

import { PATIENCE_MS } from "./browser.mjs";

/** The address of a chart, from any address inside it. */
export const chartOf = (address) => address.split("/").slice(0, 3).join("/");

/** A time of the patient's own zone, as a date-and-time field takes it: so many minutes from the page's own present. */
export async function local(page, zone, minutes) {
  const serverMs = Number(await page.evaluate(() => document.documentElement.dataset.serverMs));
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
      .formatToParts(new Date(serverMs + minutes * 60_000))
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

async function fill(box, fields) {
  for (const [field, value] of Object.entries(fields)) {
    const control = box.locator(`[name="${field}"]`);
    // What is folded away is opened first, as a person would.
    await control.first().evaluate((e) => {
      for (let folded = e.closest("details:not([open])"); folded; folded = e.closest("details:not([open])")) folded.open = true;
    });
    const kind = await control.first().evaluate((e) => (e.tagName === "SELECT" ? "select" : e.type));
    if (kind === "select") await control.first().selectOption(value);
    else if (kind === "radio" || kind === "checkbox") await box.locator(`[name="${field}"][value="${value}"]`).check();
    else await control.first().fill(value);
  }
}

/** Whoever signs more than five minutes after signing in is asked for their password again. */
export async function prove(page, box) {
  const asked = box.locator("input[name=proof]");
  if ((await asked.count()) > 0) await asked.first().fill(page.password ?? "");
}

/** Fills a form of a staff page, known by its hidden name, and sends it. `which` picks one of several. */
export async function send(page, form, fields = {}, which = 0) {
  const box = page.locator(`main form:has(input[name=form][value=${form}])`).nth(which);
  await box.evaluate((f) => {
    for (let at = f.parentElement; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  });
  await fill(box, fields);
  await prove(page, box);
  await Promise.all([page.waitForLoadState("load"), box.locator("button[type=submit], button:not([type])").last().click()]);
  await page.waitForLoadState("load");
}

/** The words of a page must hold these. */
export async function says(page, words, why) {
  const said = (words) => document.querySelector("main")?.innerText.includes(words);
  // A page may still be on its way to the next one, or about to hear of something.
  const heard = await page.waitForFunction(said, words, { timeout: PATIENCE_MS }).catch(() => undefined);
  if (heard) return;
  const text = await page.locator("main").innerText();
  throw new Error(`${why}: the page does not say “${words}” but “${text.slice(0, 4000)}”`);
}

/** Opens a page again and again until it says something that the clinic does by itself, a moment after its time has come. */
export async function saysInTime(page, path, words, why) {
  const began = Date.now();
  let text = "";
  while (Date.now() - began < PATIENCE_MS) {
    await page.goto(path);
    text = await page.locator("main").innerText();
    if (text.includes(words)) return;
    await page.waitForTimeout(200);
  }
  throw new Error(`${why}: the page does not come to say “${words}” but says “${text.slice(0, 4000)}”`);
}

/** Lets so many minutes pass in the demo; the page is a staff member's and stays where it is. */
export async function letTimePass(page, minutes) {
  let left = minutes;
  for (const hop of [1440, 360, 60, 20, 5]) {
    for (; left >= hop; left -= hop) {
      const done = page.waitForResponse((response) => response.request().method() === "GET" && response.request().isNavigationRequest());
      await page.locator(`.demo-clock button[value="${hop}"]`).click();
      await done;
      await page.waitForLoadState("load");
    }
  }
  if (left > 0) throw new Error(`the demo's clock goes in steps of 5 minutes; ${minutes} is none`);
}

/** Answers one questionnaire on the phone, all questions on one page, and sends it. `pick(item)` gives the value for an item. */
export async function answer(phone, instrument, pick) {
  await phone.goto(`/my/questions/${instrument}?all=1`);
  // Some questions are asked only after others are answered, so the page comes again until nothing is left.
  for (let round = 0; round < 12; round++) {
    const items = await phone.locator("main form [name=item]").evaluateAll((all) => all.map((e) => e.value));
    if (items.length === 0) break;
    for (const item of items) {
      const box = phone.locator(`main [name="item-${item}"]`);
      const kinds = await box.evaluateAll((all) => all.map((e) => [e.type, e.value]));
      const value = String(pick(item));
      if (kinds[0]?.[0] === "text") await box.first().fill(value);
      else if (kinds.some(([, known]) => known === value)) await phone.locator(`main [name="item-${item}"][value="${value}"]`).check();
      else throw new Error(`${instrument} ${item} has no answer ${value}, but ${kinds.map(([, known]) => known).join(", ")}`);
    }
    await phone.locator("main form button[name=go][value=all], main form button[name=go][value=next]").first().click();
    await phone.waitForLoadState("load");
    if (await phone.locator("main form[action$='/send']").count()) break;
  }
  await phone.locator("main form[action$='/send'] button").first().click();
  await phone.waitForLoadState("load");
}

/** A button that is held for a second, as it asks. */
export async function hold(page, button) {
  await button.scrollIntoViewIfNeeded();
  await button.hover();
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.mouse.down();
  await answered;
  await page.mouse.up();
  await page.waitForLoadState("load");
}

/** Sends the cockpit's quick form, which goes through the outbox, and waits for the answer. */
export async function sendQuick(page, quick) {
  const answered = page.waitForResponse((response) => response.url().endsWith("/update") && response.request().method() === "POST");
  await quick.locator("button[type=submit], button:not([type])").last().click();
  await answered;
}

/** Records vital signs in the cockpit, and waits until the strip shows them. */
export async function quickVitals(page, { systolic, diastolic = 74, pulse = 70, spo2 = 98, breathing = 14 }) {
  const quick = page.locator("main form:has([name=systolic])").first();
  const values = { systolic, diastolic, heart_rate: pulse, pulse, spo2, respiratory_rate: breathing, breathing };
  for (const [field, value] of Object.entries(values)) {
    const control = quick.locator(`[name="${field}"]`);
    if ((await control.count()) > 0) await control.first().fill(String(value));
  }
  for (const list of await quick.locator("select").all()) {
    const name = await list.getAttribute("name");
    if (/source|how|measured/.test(name)) await list.selectOption({ index: 1 });
    // Alertness has its own clock, as every sign has.
    if (name === "moaas") await list.selectOption("5");
  }
  await sendQuick(page, quick);
  await page.waitForFunction((words) => document.querySelector("main").innerText.includes(words), `${systolic}/${diastolic}`, { timeout: PATIENCE_MS });
}

/** Goes through the screens of the day on the patient's phone; the good answer is the first one, and no to danger. */
export async function dayQuestions(phone) {
  await phone.goto("/my/session");
  for (let n = 0; n < 30; n++) {
    const go = phone.locator("main a.button.primary, main form button[type=submit], main form button:not([type])").first();
    const names = await phone.locator("main input[type=radio]").evaluateAll((all) => [...new Set(all.map((e) => e.name))]);
    for (const one of names) {
      const values = await phone.locator(`main input[name="${one}"]`).evaluateAll((all) => all.map((e) => e.value));
      await phone.locator(`main input[name="${one}"][value="${one.startsWith("asq") ? "0" : values[0]}"]`).check();
    }
    const minutes = phone.locator("main input[name=ambulance_minutes]");
    if ((await minutes.count()) > 0) await minutes.fill("12");
    const before = await phone.locator("main").innerText();
    if ((await phone.locator("main input[name=systolic]").count()) > 0 || (await go.count()) === 0) return;
    await go.click();
    await phone.waitForLoadState("load");
    if ((await phone.locator("main").innerText()) === before) return;
  }
}
