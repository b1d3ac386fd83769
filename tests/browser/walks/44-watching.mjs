// Who watches the page: a cockpit left alone is covered while its alarms stay in view, a page that hears nothing says so, the
// rota is planned on its page, and a server that was killed comes back with its alarms.

import { PATIENCE_MS } from "../lib/browser.mjs";
import { startClinic } from "../lib/clinic.mjs";
import { local } from "../lib/course.mjs";
import { signIn } from "./11-pages.mjs";

export const name = "watching";

async function cockpitOf(page) {
  await page.goto("/board");
  await page.getByRole("link", { name: /Alder/ }).first().click();
  await page.waitForLoadState("load");
}

const shows = (page, selector) => page.locator(selector).first().waitFor({ state: "visible", timeout: PATIENCE_MS });

export async function run({ open, step, axe, shot, ensure, expect, program, base, browser }) {
  const patient = await signIn(open, "phone", "patient", step);
  for (const size of ["desktop", "phone"]) {
    const width = size === "desktop" ? 1440 : 390;
    const guide = await signIn(open, size, "guide", step);
    await step(`a cockpit that nobody touched for ten minutes is covered, and an alarm stays above the cover (${width} px)`, async () => {
      await guide.clock.install();
      await cockpitOf(guide);
      await patient.goto("/my/session/help");
      const ask = patient.locator("main form button[type=submit]").first();
      // A call that is open already is shown as it stands, and is not asked again.
      if (await ask.isVisible()) await ask.click();
      await shows(guide, "#alerts .alert");
      await guide.clock.fastForward(11 * 60_000);
      await shows(guide, "#curtain");
      // Where there are several, the bar scrolls: one of them is in view, and nothing lies over it.
      await guide.waitForFunction(() => [...document.querySelectorAll("#alerts .alert")].some((alert) => {
        const box = alert.getBoundingClientRect();
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(20, box.height / 2));
        return top?.closest("#alerts .alert") === alert;
      }), undefined, { timeout: PATIENCE_MS });
    });
    await axe(guide, `the covered cockpit at ${width} px`);
    await shot(guide, `curtain-${size}`);
    await step(`a wrong password leaves it covered, the right one uncovers it (${width} px)`, async () => {
      expect(/\/uncover|40[013]|422/, "a wrong password is refused");
      await guide.fill("#curtain input", "not the password");
      await guide.click("#curtain button");
      await guide.waitForFunction(() => /not the password/.test(document.querySelector("#curtain p").textContent));
      await guide.fill("#curtain input", guide.password);
      await guide.click("#curtain button");
      await guide.waitForFunction(() => !document.getElementById("curtain"));
    });
    await step(`a page that hears nothing for half a minute says that it may be old, and takes it back (${width} px)`, async () => {
      expect(/request failed|ERR_INTERNET_DISCONNECTED|Failed to load resource/, "the network is cut by the walk");
      await guide.context().setOffline(true);
      for (let n = 0; n < 8; n++) await guide.clock.fastForward(5_000);
      await shows(guide, "#connection.band");
      const said = await guide.locator("#connection").innerText();
      ensure(/may be old/.test(said), `the band says: ${said}`);
    });
    await shot(guide, `band-${size}`);
    await step(`and the band goes when the line is back (${width} px)`, async () => {
      await guide.context().setOffline(false);
      for (let n = 0; n < 12 && (await guide.locator("#connection.band").count()) > 0; n++) {
        await guide.clock.fastForward(10_000);
        await guide.waitForTimeout(300);
      }
      await guide.waitForFunction(() => !document.querySelector("#connection.band"), undefined, { timeout: PATIENCE_MS });
    });
  }

  for (const size of ["desktop", "phone"]) {
    const manager = await signIn(open, size, "manager", step);
    await step(`a shift is planned on the rota, and taken back (${size})`, async () => {
      await manager.goto("/rota");
      const form = manager.locator("main form:has(input[name=form][value=plan])");
      await form.locator("[name=staff]").selectOption({ index: 1 });
      await form.locator("[name=rung]").selectOption("guide");
      await form.locator("[name=from]").fill(await local(manager, "America/Denver", -60));
      await form.locator("[name=to]").fill(await local(manager, "America/Denver", 8 * 60));
      await form.locator("[name=zone]").fill("America/Denver");
      await form.getByRole("button", { name: "Plan" }).click();
      await manager.waitForLoadState("load");
      const back = manager.getByRole("button", { name: "Take back" });
      ensure((await back.count()) === 1, `one shift is planned: ${(await manager.locator("main").innerText()).slice(0, 900)}`);
      const width = await manager.evaluate(() => document.documentElement.scrollWidth);
      ensure(width <= manager.viewportSize().width, `the rota is ${width} px wide`);
    });
    await axe(manager, `the rota (${size})`);
    await shot(manager, `rota-${size}`);
    await step(`and the hours are uncovered again (${size})`, async () => {
      await manager.getByRole("button", { name: "Take back" }).first().click();
      await manager.waitForLoadState("load");
      ensure((await manager.getByRole("button", { name: "Take back" }).count()) === 0, "nothing is planned any more");
    });
  }

  const own = await step("a clinic of its own, to be killed", () => startClinic(program, "3"));
  try {
    const context = await browser.newContext({ baseURL: own.base });
    const phones = await browser.newContext({ baseURL: own.base });
    const guide = await context.newPage();
    await step("its guide watches a session in which somebody asked for help", async () => {
      for (const [page, login] of [[await phones.newPage(), "patient"], [guide, "guide"]]) {
        await page.goto("/sign-in");
        await page.fill("input[name=login]", login);
        await page.fill("input[name=password]", "still water runs deep");
        await page.click("main button[type=submit]");
        await page.waitForLoadState("load");
        if (login !== "patient") continue;
        await page.goto("/my/session/help");
        // What is pressed goes through the outbox: this page stays open until the guide has it.
        await page.locator("main form button[type=submit]").first().click();
      }
      await cockpitOf(guide);
      await guide.waitForFunction(() => /asks for help/.test(document.body.innerText), undefined, { timeout: PATIENCE_MS });
      await phones.pages()[0].close();
    });
    await step("the server is killed in mid session, and the page says that it hears nothing", async () => {
      await own.kill();
      await guide.waitForFunction(() => (document.getElementById("connection")?.textContent ?? "") !== "", undefined, { timeout: PATIENCE_MS });
    });
    await step("started again, the page comes back by itself and the alarm still rings", async () => {
      await own.again();
      await guide.waitForFunction(() => !document.getElementById("connection"), undefined, { timeout: PATIENCE_MS });
      await guide.reload();
      const words = await guide.locator("#alerts").innerText();
      ensure(/asks for help/.test(words) && /nobody has it yet/.test(words), `the alarm rings on: ${words.slice(0, 600)}`);
      await guide.getByRole("button", { name: /I have it/ }).first().click();
      await guide.waitForLoadState("load");
    });
    await shot(guide, "restarted-desktop");
    await phones.close();
    await context.close();
  } finally {
    await own.stop();
  }
  ensure(base !== own.base, "the killed clinic was another one");
}
