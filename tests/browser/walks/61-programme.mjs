// A manager reads what everybody's courses add up to: narrows it, opens the table behind a figure, and takes values and drawing.

import { signIn } from "./11-pages.mjs";

export const name = "the programme";

export async function run({ open, step, shot, ensure }) {
  const page = await signIn(open, "desktop", "manager", step);
  const treated = async () => Number(await page.locator(".headline strong").first().innerText());
  const everybody = await step("the programme says how many were treated, and what it cannot say", async () => {
    await page.goto("/programme");
    ensure((await page.locator("main").innerText()).includes("no control group"), "the caveat is missing");
    const figures = await page.locator(".figure").count();
    const lines = await page.locator(".figure figcaption").allInnerTexts();
    ensure(figures > 10 && lines.length === figures && lines.every((line) => line.length > 20), "a figure has no line on method");
    return treated();
  });
  await step("each drawing has words for those who do not see it, and stays inside its box", async () => {
    for (const drawing of await page.locator("svg.plot").all()) {
      const said = await drawing.evaluate((svg) => [svg.querySelector("title")?.textContent, svg.querySelector("desc")?.textContent]);
      ensure(said.every((words) => words?.length > 5), `a drawing says only ${JSON.stringify(said)}`);
      const outside = await drawing.evaluate((svg) => {
        const box = svg.getBoundingClientRect();
        const beyond = (mark) => {
          const at = mark.getBoundingClientRect();
          return at.left < box.left - 1 || at.right > box.right + 1 || at.top < box.top - 1 || at.bottom > box.bottom + 1;
        };
        return [...svg.querySelectorAll("text, line, path, rect")].filter(beyond).map((mark) => mark.textContent || mark.tagName);
      });
      ensure(outside.length === 0, `outside the drawing: ${outside.join(", ")}`);
    }
  });
  await step("the setting narrows it, and the two settings together are everybody", async () => {
    const parts = [];
    for (const setting of ["clinic", "home"]) {
      await page.locator("select[name=setting]").selectOption(setting);
      await page.getByRole("button", { name: "Show" }).click();
      await page.waitForLoadState("load");
      parts.push(await treated());
    }
    ensure(parts[0] > 0 && parts[1] > 0, `${parts} were treated`);
    ensure(parts[0] + parts[1] === everybody, `${parts} are not ${everybody} together`);
  });
  await step("the table behind a drawing opens, and its values and drawing can be taken with the same filter", async () => {
    const figure = page.locator("#figure-response");
    await figure.locator(".as-table summary").click();
    ensure(await figure.locator("table").isVisible(), "the table does not open");
    for (const [kind, begins] of [["CSV", "When,"], ["SVG", "<?xml"]]) {
      const href = await figure.getByRole("link", { name: kind }).getAttribute("href");
      ensure(href.includes("setting=home"), `${href} does not carry the filter`);
      const answer = await page.request.get(href);
      const text = await answer.text();
      ensure(answer.status() === 200 && text.startsWith(begins), `${href}: ${answer.status()} ${text.slice(0, 40)}`);
    }
  });
  await shot(page, "programme-home-desktop");
}
