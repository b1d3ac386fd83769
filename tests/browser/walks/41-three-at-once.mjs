// One session, three people at once: the guide's cockpit, the patient's phone and the companion's phone show the same thing
// live, and a call for help reaches the guide's screen. How fast it does is measured in crates/server/benches/arrival.rs.

import { PATIENCE_MS } from "../lib/browser.mjs";
import { signIn } from "./11-pages.mjs";

export const name = "three at once";

export async function run({ open, step, axe, shot, ensure, printed }) {
  const cockpit = await signIn(open, "desktop", "guide", step);
  await step("the cockpit of the session that runs", async () => {
    await cockpit.goto("/board");
    await cockpit.getByRole("link", { name: /Alder/ }).first().click();
    await cockpit.waitForLoadState("load");
    ensure(/\/sessions\//.test(cockpit.url()), `the page is ${cockpit.url()}`);
  });
  const patient = await signIn(open, "phone", "patient", step);
  await step("the patient's page of the session", async () => {
    await patient.goto("/my/session");
    ensure((await patient.locator("main").innerText()).includes("OK"), "the page offers I'm OK");
  });
  const companion = await open("phone");
  await step("the companion comes in by link and code", async () => {
    const [, path, code] = printed.match(/companion\s+http:\/\/[^/]+(\/link\/\S+)\s+(\d{6})/) ?? [];
    ensure(path, "the demo prints the companion's link and code");
    await companion.goto(path);
    await companion.fill("input[name=code]", code);
    await companion.locator("main button[type=submit]").first().click();
    await companion.waitForLoadState("load");
    await companion.goto("/companion/session");
  });
  for (const [page, what] of [[cockpit, "cockpit"], [patient, "phone-session"], [companion, "companion"]]) {
    await axe(page, what);
    await shot(page, what);
  }
  await step("help from the patient reaches the guide's screen", async () => {
    const before = await cockpit.locator("text=asks for help").count();
    await patient.goto("/my/session/help");
    const button = patient.locator("main form button[type=submit]").first();
    await button.click();
    await cockpit.waitForFunction((n) => document.body.innerText.split("asks for help").length - 1 > n, before, { timeout: PATIENCE_MS });
  });
  await shot(cockpit, "cockpit-help");
  await step("the guide takes it on", async () => {
    await cockpit.getByRole("button", { name: /I have it/ }).first().click();
    await cockpit.waitForLoadState("load");
  });
  const small = await signIn(open, "phone", "guide", step);
  await step("the cockpit on a phone is not scrolled sideways", async () => {
    await small.goto(new URL(cockpit.url()).pathname);
    const width = await small.evaluate(() => document.documentElement.scrollWidth);
    ensure(width <= 390, `the page is ${width} px wide`);
  });
  await axe(small, "the cockpit on a phone");
  await shot(small, "cockpit-phone");
}
