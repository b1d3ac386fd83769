// Help with the line cut, in the three ways in which it fails: what the phones say is compared with what the clinic has.

import { PATIENCE_MS } from "../lib/browser.mjs";
import { openLine } from "../lib/line.mjs";
import { signIn } from "./11-pages.mjs";

export const name = "help without a line";

const KINDS = ["reset", "hole", "half-dead"];

/** Puts a finger, here the mouse, on a button and keeps it there for so long. */
async function press(page, button, ms, drift = 0) {
  await button.scrollIntoViewIfNeeded();
  const box = await button.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  if (drift) await page.mouse.move(x + drift, y, { steps: 4 });
  await page.waitForTimeout(ms);
  await page.mouse.up();
}

export async function run({ open, step, axe, shot, ensure, expect, base }) {
  expect(/net::ERR_|Failed to load resource|request failed/, "the line is cut on purpose");
  const guide = await signIn(open, "desktop", "guide", step);
  const cockpit = await step("the session that runs", async () => {
    await guide.goto("/board");
    await guide.getByRole("link", { name: /Alder/ }).first().click();
    await guide.waitForLoadState("load");
    return new URL(guide.url()).pathname;
  });
  /** How many calls for help the clinic has of this session. */
  const recorded = async () => {
    await guide.goto(cockpit);
    return guide.locator(".timeline li").filter({ hasText: /asked for help/ }).count();
  };
  /** How many look-ins it has in which something was not as it should be; in the demo all others are well. */
  const graveLookIns = async () => {
    await guide.goto(cockpit);
    return guide.locator(".timeline li").filter({ hasText: /(?<! says): not fine/ }).count();
  };
  const line = await openLine(base);
  const viaLine = (size) => open(size, { baseURL: line.base, reducedMotion: "no-preference" });

  const patient = await signIn((size) => viaLine(size), "phone", "patient", step);
  const companion = await viaLine("phone");
  await step("the companion comes in by a link that the patient makes", async () => {
    await patient.goto("/my/companion");
    await patient.getByRole("button", { name: /Make a link for/ }).click();
    const made = patient.locator("main .notice .as-written");
    await made.waitFor();
    const [code] = (await patient.locator("main").innerText()).match(/\b\d{6}\b/) ?? [];
    await companion.goto((await made.innerText()).trim());
    await companion.fill("input[name=code]", code);
    await companion.locator("main button[type=submit]").first().click();
    await companion.waitForURL(/companion/);
  });

  const words = (page, id) => page.locator(id).innerText();
  const took = [];

  /** Cuts the line, calls, looks at what the phone says, and lets the line come back. */
  async function round(page, who, kind, sheet, call, needed) {
    let before = 0;
    await step(`${who}, ${kind}: the page says NOT sent, and holds whom to call and what to read`, async () => {
      before = await recorded();
      line.cut(kind);
      await call();
      await page.locator(`${sheet} [data-unsent]`).waitFor();
      const says = await words(page, sheet);
      for (const word of ["NOT sent yet", "Call now", ...needed]) ensure(says.includes(word), `the sheet does not say ${word}: ${says}`);
      for (const link of ["tel:", "sms:"]) ensure((await page.locator(`${sheet} a[href^="${link}"]:visible`).count()) > 0, `there is no ${link} link`);
      ensure(!/^Sent\./m.test(says), `nothing was sent, but the sheet says: ${says}`);
    });
    if (kind === "reset") await shot(page, `help-not-sent-${who}`, false);
    await step(`${who}, ${kind}: it goes on saying so, and the clinic has nothing`, async () => {
      await page.waitForFunction((id) => /Tried ([3-9]|\d\d+) times/.test(document.querySelector(id).innerText), sheet, { timeout: PATIENCE_MS });
      ensure((await words(page, sheet)).includes("NOT sent yet"), "it says NOT sent as long as that is so");
      ensure((await recorded()) === before, "the clinic has no call");
    });
    await step(`${who}, ${kind}: when the line is back it is sent, once, and only then says so`, async () => {
      const began = Date.now();
      line.restore();
      await page.waitForFunction((id) => /Sent\. Nobody has answered yet/.test(document.querySelector(id).innerText), sheet, { timeout: PATIENCE_MS });
      took.push(`${who} ${kind} ${Date.now() - began} ms`);
      ensure(!(await words(page, sheet)).includes("NOT sent"), "it no longer says NOT sent");
      ensure((await recorded()) === before + 1, `the clinic has one call more, but has ${await recorded()} after ${before}`);
    });
    if (kind === "reset") await shot(page, `help-sent-${who}`, false);
    await step(`${who}, ${kind}: it says who has it once somebody has`, async () => {
      await guide.goto(cockpit);
      await guide.getByRole("button", { name: /I have it/ }).first().click();
      await page.waitForFunction((id) => / has it\./.test(document.querySelector(id).innerText), sheet, { timeout: PATIENCE_MS });
    });
    if (kind === "reset") {
      await axe(page, `help on the phone of the ${who}`);
      await shot(page, `help-taken-${who}`, false);
    }
  }

  for (const kind of KINDS) {
    await step(`the patient's page, before ${kind}`, () => patient.goto("/my/session"));
    const button = patient.getByRole("button", { name: /I need help/ });
    await round(patient, "patient", kind, "#help-sheet", () => press(patient, button, 1300), ["555-0100", "911", "ketamine", "milligrams"]);
  }
  for (const kind of KINDS) {
    await step(`the companion's page, before ${kind}`, () => companion.goto("/companion/session"));
    const get = companion.getByRole("button", { name: "Get help" });
    await round(companion, "companion", kind, "#help-sheet", () => get.first().click(), ["555-0100", "911", "ketamine", "milligrams", "On their side"]);
  }
  /** Which patient's buttons stay when the finger wanders or lets go too soon. */
  await step("a trembling finger that drifts 50 px still calls, and one let go early is asked", async () => {
    await patient.goto("/my/session");
    const button = patient.getByRole("button", { name: /I need help/ }).first();
    await press(patient, button, 300);
    const asked = patient.getByRole("alertdialog", { name: "Did you want help?" });
    await asked.waitFor();
    ensure((await patient.locator("#help-sheet[open]").count()) === 0, "nothing was sent by a short press");
    ensure(await asked.getByRole("button", { name: /^Yes/ }).evaluate((e) => e === document.activeElement), "the question takes the focus");
    await asked.getByRole("button", { name: "No" }).click();
    await press(patient, button, 1300, 50);
    await patient.locator("#help-sheet[open]").waitFor();
  });
  await step("the same by touch: a slide of 40 px does not take the hold away", async () => {
    await patient.goto("/my/session");
    const button = patient.getByRole("button", { name: /I need help/ }).first();
    await button.scrollIntoViewIfNeeded();
    const box = await button.boundingBox();
    const at = (dy) => [{ x: box.x + box.width / 2, y: box.y + box.height / 2 + dy }];
    const cdp = await patient.context().newCDPSession(patient);
    await cdp.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0) });
    for (const dy of [10, 25, 40]) await cdp.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(dy) });
    await patient.locator("#help-sheet[open]").waitFor();
    await cdp.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await cdp.detach();
  });

  /** A look-in with the line cut: *No* leads to what to do, at once. */
  for (const [field, says] of [["name", "They do not answer."], ["breath", "Their breathing is wrong."], ["colour", "They are blue or grey."]]) {
    const kind = KINDS[["name", "breath", "colour"].indexOf(field)];
    let before = 0;
    await step(`a look-in, ${kind}: ${field} is not as it should be, and the page says what to do`, async () => {
      before = await graveLookIns();
      await companion.goto("/companion/session");
      line.cut(kind);
      await companion.getByRole("link", { name: "Look in now" }).click();
      const sheet = companion.locator("#look-in-sheet");
      await sheet.waitFor();
      ensure((await sheet.locator("label.answer:visible").count()) === 9, "nine answers on one page");
      if (field === "name") await shot(companion, "companion-look-in", false);
      await sheet.locator(`label.answer:has(input[name=${field}][value=not-fine])`).click();
      const grave = companion.locator("#grave-sheet[open]");
      await grave.waitFor();
      const words = await grave.innerText();
      for (const word of ["1. Call", "911", "on speaker", "2. Read this aloud", "Example Street", "milligrams", says, "On their side", "NOT sent yet", "555-0100"]) {
        ensure(words.includes(word), `the sheet does not say ${word}: ${words}`);
      }
      ensure((await graveLookIns()) === before, "the clinic has nothing yet");
      await shot(companion, `companion-grave-${field}`, false);
    });
    await step(`a look-in, ${kind}: recorded once, when the line is back`, async () => {
      line.restore();
      await companion.waitForFunction(() => /Nobody has answered yet/.test(document.querySelector("#grave-sheet").innerText), undefined, { timeout: PATIENCE_MS });
      ensure((await graveLookIns()) === before + 1, `one look-in more, but ${await graveLookIns()} after ${before}`);
    });
    if (field === "name") await axe(companion, "what to do when somebody does not answer");
  }
  await step("a look-in with all well says kept, then recorded", async () => {
    await companion.goto("/companion/session");
    line.cut("hole");
    await companion.getByRole("link", { name: "Look in now" }).click();
    for (const field of ["name", "breath", "colour"]) await companion.locator(`#look-in-sheet label.answer:has(input[name=${field}][value=fine])`).click();
    await companion.getByRole("button", { name: "Send: all fine" }).click();
    await companion.waitForFunction(() => /Not sent yet/.test(document.querySelector("#look-in-said").textContent), undefined, { timeout: PATIENCE_MS });
    line.restore();
    await companion.waitForFunction(() => /recorded at/.test(document.querySelector("#look-in-said").textContent), undefined, { timeout: PATIENCE_MS });
  });

  await step("Help now, Pause and Leave open with the line cut, and signing out says that it cannot", async () => {
    for (const [page, path] of [[patient, "/my/session"], [companion, "/companion/session"]]) {
      await page.goto(path);
      line.cut("reset");
      for (const [link, id] of [["Help now", "help-sheet"], ["Pause", "pause-sheet"], ["Leave", "leave-sheet"]]) {
        await page.locator(".trio").getByRole("link", { name: link }).click();
        await page.locator(`#${id}[open]`).waitFor();
        if (id === "leave-sheet") {
          const words = await page.locator("#leave-sheet").innerText();
          ensure(/session is still running/.test(words) && /cannot call for help/.test(words), `leaving warns: ${words}`);
          await page.getByRole("button", { name: "Sign out all the same" }).click();
          await page.waitForFunction(() => /no connection/.test(document.querySelector("#leave-sheet").innerText), undefined, { timeout: PATIENCE_MS });
          await shot(page, `leave-${path.split("/")[1]}`, false);
        }
        await page.locator(`#${id} [data-close]`).first().click();
      }
      ensure(new URL(page.url()).pathname === path, "the page has stayed");
      line.restore();
    }
  });
  await step("leaving in a session asks once more, hands over, and then signs out", async () => {
    await companion.goto("/companion/session");
    await companion.locator(".trio").getByRole("link", { name: "Leave" }).click();
    await companion.getByRole("button", { name: "Sign out all the same" }).click();
    await companion.waitForLoadState("load");
    await companion.getByRole("button", { name: "Go on on another phone" }).waitFor();
    await companion.getByRole("button", { name: "Go on on another phone" }).click();
    await companion.locator("#new-link").waitFor();
    const address = (await companion.locator("#new-link").innerText()).trim();
    const [code] = (await companion.locator("main").innerText()).match(/\b\d{6}\b/) ?? [];
    const second = await viaLine("phone");
    await second.goto(new URL(address).pathname);
    await second.fill("input[name=code]", code);
    await second.locator("main button[type=submit]").first().click();
    await second.waitForURL(/companion/);
    await companion.getByRole("button", { name: /sign out here/ }).click();
    await companion.waitForLoadState("load");
    const left = await companion.locator("main").innerText();
    ensure(/cannot call for help any more/.test(left) && /555-0100/.test(left), `after leaving it says whom to call: ${left}`);
  });
  console.log(`      from the line's return to "sent" on the screen: ${took.join(", ")}`);
  await line.close();
}
