// One course through the forms: decision, the patient's link and consent, plan, order, preparation, the day, go, dose, stop.
// Real time runs, so the walk ends soon after the dose; release by criteria is tested with a clock that is moved by hand.

import { signIn } from "./11-pages.mjs";

export const name = "a course from decision to dose";

/** A time of the patient's own zone, as a date-and-time field takes it. */
function local(minutes) {
  const at = new Date(Date.now() + minutes * 60_000);
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", { timeZone: "America/Denver", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** Fills a form of a staff page, known by its hidden name, and sends it. */
async function send(page, form, fields) {
  const box = page.locator(`main form:has(input[name=form][value=${form}])`).first();
  await box.evaluate((f) => {
    for (let at = f.parentElement; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  });
  for (const [field, value] of Object.entries(fields)) {
    const control = box.locator(`[name="${field}"]`);
    const kind = await control.first().evaluate((e) => (e.tagName === "SELECT" ? "select" : e.type));
    if (kind === "select") await control.first().selectOption(value);
    else if (kind === "radio" || kind === "checkbox") await box.locator(`[name="${field}"][value="${value}"]`).check();
    else await control.first().fill(value);
  }
  await box.locator("button[type=submit], button:not([type])").last().click();
  await page.waitForLoadState("load");
}

export async function run({ open, step, shot, ensure, expect }) {
  const prescriber = await signIn(open, "desktop", "prescriber", step);
  const chart = await step("the prescriber opens a person whose screening is complete", async () => {
    await prescriber.goto("/caseload?q=Quince");
    const href = await prescriber.locator("a[href^='/patients/']").first().getAttribute("href");
    return href.split("/").slice(0, 3).join("/");
  });
  const says = async (page, words, why) => {
    const text = await page.locator("main").innerText();
    ensure(text.includes(words), `${why}: the page does not say “${words}” but “${text.slice(0, 300)}”`);
  };
  await step("decides that they may be treated", async () => {
    await prescriber.goto(`${chart}/findings`);
    await send(prescriber, "decide", { decision: "eligible", setting: "clinic", reason: "walked through", signed_name: "Piers Demo" });
    await says(prescriber, "May be treated", "after the decision");
  });
  const link = await step("makes a link for the patient", async () => {
    await prescriber.goto(chart);
    await send(prescriber, "invite-patient", {});
    const words = await prescriber.locator("main").innerText();
    const found = words.match(/\/link\/[0-9a-f]+/);
    ensure(found, "the page shows the link");
    return found[0];
  });
  const phone = await open("phone");
  await step("the patient comes in by the link and signs consent", async () => {
    await phone.goto(link);
    await phone.locator("main button[type=submit]").first().click();
    await phone.waitForLoadState("load");
    await phone.goto("/my/consent");
    for (const box of await phone.locator("input[name=statement]").all()) await box.check();
    await phone.fill("input[name=signed_name]", "Quince Demo");
    await phone.getByRole("button", { name: "Sign" }).click();
    await phone.waitForLoadState("load");
    await says(phone, "You signed this", "after signing");
  });
  await step("the prescriber opens a plan, and an order whose figures disagree is held", async () => {
    await prescriber.goto(`${chart}/plan`);
    await send(prescriber, "open", { protocol: "iv-single-clinic" });
    await prescriber.goto(`${chart}/plan`);
    expect(/422/, "the order is refused, as it should be");
    await send(prescriber, "order", { dose_mg: "60", dose_mg_per_kg: "0.1", reason: "walked through" });
    await says(prescriber, "R05", "mg and mg/kg disagree");
  });
  await step("the order within its ceiling is written", async () => {
    await prescriber.goto(`${chart}/plan`);
    const words = await prescriber.locator("main").innerText();
    const weight = Number((words.match(/(\d+(?:\.\d+)?)\s*kg/) ?? [])[1]);
    ensure(weight > 25, "the page shows the newest weight");
    await send(prescriber, "order", { dose_mg: String(Math.round(weight * 0.5)), dose_mg_per_kg: "0.5", reason: "walked through" });
    await says(prescriber, "in force", "after the order");
  });
  const guide = await signIn(open, "desktop", "guide", step);
  await step("the guide records preparation and a safety plan, and schedules a session", async () => {
    await guide.goto(`${chart}/therapy`);
    await send(guide, "visit", { "visit-kind": "preparation", held_at: local(-120), minutes: "60", intention: "to sleep through" });
    await guide.goto(`${chart}/safety-plan`);
    await send(guide, "plan", { warning_signs: "not sleeping", professionals: "988" });
    await guide.goto(`${chart}/sessions`);
    await send(guide, "schedule", { starts_at: local(20) });
    await says(guide, "scheduled", "after scheduling");
  });
  const session = await step("the cockpit of the session", async () => {
    const href = await guide.locator("main a[href*='/sessions/']").first().getAttribute("href");
    await guide.goto(href);
    return new URL(guide.url()).pathname;
  });
  await step("the patient answers the safety questions and the questions of the day", async () => {
    await phone.goto("/my/session");
    // Each question has a screen of its own; the good answer is the first one.
    for (let n = 0; n < 30; n++) {
      const choice = phone.locator("main input[type=radio], main input[type=checkbox]");
      const go = phone.locator("main a.button.primary, main form button[type=submit], main form button:not([type])").first();
      if ((await choice.count()) > 0) {
        const names = await phone.locator("main input[type=radio]").evaluateAll((all) => [...new Set(all.map((e) => e.name))]);
        for (const one of names) {
          const values = await phone.locator(`main input[name="${one}"]`).evaluateAll((all) => all.map((e) => e.value));
          const good = one.startsWith("asq") ? "0" : values[0];
          await phone.locator(`main input[name="${one}"][value="${good}"]`).check();
        }
      }
      const before = await phone.locator("main").innerText();
      if (/blood pressure/i.test(before) && (await phone.locator("main input[name=systolic]").count()) > 0) break;
      if ((await go.count()) === 0) break;
      await go.click();
      await phone.waitForLoadState("load");
      if ((await phone.locator("main").innerText()) === before) break;
    }
  });
  await shot(phone, "course-day");
  await step("two readings at least a minute apart", async () => {
    for (const systolic of ["118", "116"]) {
      await guide.goto(session);
      const quick = guide.locator("main form:has([name=systolic])").first();
      for (const [field, value] of Object.entries({ systolic, diastolic: "74", heart_rate: "70", pulse: "70", spo2: "98", respiratory_rate: "14", breathing: "14" })) {
        const control = quick.locator(`[name="${field}"]`);
        if ((await control.count()) > 0) await control.first().fill(value);
      }
      for (const list of await quick.locator("select").all()) {
        const named = await list.getAttribute("name");
        if (/source|how|measured/.test(named)) await list.selectOption({ index: 1 });
      }
      await quick.locator("button[type=submit], button:not([type])").last().click();
      // The form goes through the outbox, and the strip changes by the live stream.
      await guide.waitForFunction((words) => document.querySelector("main").innerText.includes(words), `${systolic}/74`, { timeout: 8000 });
      if (systolic === "118") await guide.waitForTimeout(61_000);
    }
  });
  await shot(guide, "course-gate");
  await step("go is decided", async () => {
    await guide.goto(session);
    await guide.locator("main [name=reason]").first().fill("warnings gone through");
    await guide.getByRole("button", { name: /^GO$/ }).click();
    await guide.waitForLoadState("load");
    const words = await guide.locator("main").innerText();
    ensure(/dose/i.test(words) && !/held by/.test(words), `go was not accepted: ${words.slice(0, 900)}`);
  });
  await step("the dose is recorded, and the session is watched", async () => {
    const form = guide.locator("main form[action$='/dose']").first();
    // Pressed and held for a second, as the button asks.
    await form.locator("button").last().scrollIntoViewIfNeeded();
    await form.locator("button").last().hover();
    await guide.mouse.down();
    await guide.waitForTimeout(1_500);
    await guide.mouse.up();
    await guide.waitForTimeout(1_500);
    await guide.goto(session);
    await says(guide, "observing", "after the dose");
  });
  await shot(guide, "course-dose");
}
