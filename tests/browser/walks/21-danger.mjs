// An answer that means danger: the patient is shown a person to reach on the very next page, and the team has an alert that
// somebody can take on and resolve.

import { signIn } from "./11-pages.mjs";

export const name = "an answer that means danger";

export async function run({ open, step, axe, shot, ensure }) {
  const phone = await signIn(open, "phone", "screening", step);
  await step("mood questions one at a time, with a thought of death in the ninth", async () => {
    await phone.goto("/my/questions/phq-9");
    for (let n = 1; n <= 10; n++) {
      const value = n === 9 ? "2" : "1";
      await phone.locator(`input[name="item-phq9_${n}"][value="${value}"]`).check();
      await phone.getByRole("button", { name: "Next" }).click();
      await phone.waitForLoadState("load");
      if (n === 4) {
        await phone.goto("/my");
        await phone.goto("/my/questions/phq-9");
        ensure((await phone.locator("input[name='item-phq9_5']").count()) > 0, "after leaving, the fifth question comes next");
      }
    }
    await phone.getByRole("button", { name: "Send to my team" }).click();
    await phone.waitForLoadState("load");
  });
  await step("the very next page shows people to reach", async () => {
    ensure(new URL(phone.url()).pathname === "/my/help-now", `the page is ${phone.url()}`);
    const words = await phone.locator("main").innerText();
    for (const needed of ["988", "911", "What you answered arrived"]) ensure(words.includes(needed), `the page does not say ${needed}`);
  });
  await axe(phone, "the page after an answer that means danger");
  await shot(phone, "danger-phone");
  const desk = await signIn(open, "desktop", "guide", step);
  await step("the guide's inbox has the alert, and the guide takes it on", async () => {
    await desk.goto("/inbox");
    const words = await desk.locator("main").innerText();
    ensure(words.includes("Dogwood"), "the inbox names the patient");
    await desk.getByRole("button", { name: /I have it/ }).first().click();
    await desk.waitForLoadState("load");
  });
  await shot(desk, "inbox-desktop");
}
