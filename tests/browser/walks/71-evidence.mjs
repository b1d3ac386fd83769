// A guide reads what is published: for and against beside each other, one trial in full, and trials pooled by ticking them; without
// JavaScript too.

import { look, signIn } from "./11-pages.mjs";

export const name = "the evidence library";

const PAGES = ["/evidence", "/evidence/abdallah-2022", "/evidence/duek-2023", "/evidence/lii-2023", "/evidence/pool", "/evidence/pool?set=exposure-g.after", "/evidence/pool?set=cpt-g.after"];

export async function run(tools) {
  const { open, step, shot, ensure } = tools;
  for (const size of ["desktop", "phone"]) {
    const page = await signIn(open, size, "guide", step);
    for (const path of PAGES) await look(page, path, tools, `${path.slice(1).replaceAll(/[^a-z0-9-]/g, "-")}-${size}`);
    await step(`for and against stand in the same type (${size})`, async () => {
      await page.goto("/evidence");
      const sides = await page.locator(".verdict-side").evaluateAll((all) =>
        all.map((side) => ["h2", "li", "a"].map((what) => {
          const style = getComputedStyle(side.querySelector(what));
          return `${style.fontSize} ${style.fontWeight} ${style.color}`;
        }).join("; ")));
      ensure(sides.length === 2 && sides[0] === sides[1], `for is in ${sides[0]} and against in ${sides[1]}`);
      ensure(await page.getByRole("heading", { name: "What we do not know" }).isVisible(), "what nobody knows is out of sight");
    });
  }
  const page = await signIn(open, "desktop", "guide", step);
  await step("unticking a trial pools the rest, and the files carry what is ticked", async () => {
    await page.goto("/evidence");
    await page.getByRole("link", { name: "Pool trials yourself" }).click();
    await page.locator("select[name=set]").selectOption("exposure-g.after");
    await page.getByRole("button", { name: "Show" }).click();
    await page.waitForLoadState("load");
    ensure((await page.locator(".notice").first().innerText()).includes("14 trials"), "fourteen trials should be pooled");
    await page.locator("input[name=pick]").first().uncheck();
    await page.getByRole("button", { name: "Pool what is ticked" }).click();
    await page.waitForLoadState("load");
    ensure((await page.locator(".notice").first().innerText()).includes("13 trials"), "thirteen trials should be pooled");
    ensure(!(await page.locator("input[name=pick]").first().isChecked()), "the tick came back");
    const href = await page.getByRole("link", { name: /^CSV/ }).getAttribute("href");
    const text = await (await page.request.get(href)).text();
    ensure(text.startsWith("Study,") && !text.includes("Asukai") && text.includes("Yehuda"), `the file holds ${text.slice(0, 200)}`);
  });
  await step("two rows of the same people are refused, with a reason", async () => {
    await page.goto("/evidence/pool?set=pcl-5.weeks");
    for (const box of await page.locator("input[name=pick]").all()) await box.check();
    await page.getByRole("button", { name: "Pool what is ticked" }).click();
    await page.waitForLoadState("load");
    ensure((await page.locator(".notice").first().innerText()).includes("is picked twice"), "the same people were pooled twice");
  });
  await shot(page, "evidence-picked-twice-desktop");
}
