// Courses as whole flows, at both sizes: a plan that moves from the clinic home and asks what home needs, a course that ends,
// and the next one that begins in the same chart.

import { chartOf, says, send } from "../lib/course.mjs";
import { look, signIn } from "./11-pages.mjs";

export const name = "courses that move, end and begin again";

/** The chart of somebody in the caseload. */
async function chartNamed(page, who, ensure) {
  await page.goto(`/caseload?q=${who}`);
  const href = await page.locator("main a[href^='/patients/']").first().getAttribute("href");
  ensure(href, `${who} is in the caseload`);
  return chartOf(new URL(href, page.url()).pathname);
}

export async function run(tools) {
  const { open, step, shot, axe, ensure } = tools;
  const prescriber = await signIn(open, "desktop", "prescriber", step);
  const small = await signIn(open, "phone", "prescriber", step);
  const moved = await step("somebody treated in the clinic goes on at home", () => chartNamed(prescriber, "Cairn", ensure));
  for (const [page, size] of [[prescriber, "desktop"], [small, "phone"]]) await look(page, `${moved}/plan`, tools, `moved-plan-${size}`);
  await step("the plan names what home still needs", async () => {
    await prescriber.goto(`${moved}/plan`);
    await says(prescriber, "Still needed before a session", "the plan of somebody who goes on at home");
    await says(prescriber, "consent to the text of this plan is signed", "the plan of somebody who goes on at home");
  });
  const phone = await signIn(open, "phone", "moved", step);
  await step("the phone asks for the consent of the new plan, and the patient signs it", async () => {
    await phone.goto("/my");
    await says(phone, "Your plan has changed", "the first page after a change of plan");
    await phone.getByRole("link", { name: "Read and sign" }).click();
    await phone.waitForLoadState("load");
    await says(phone, "no longer covers your treatment", "the consent page after a change of plan");
    await shot(phone, "moved-consent-phone");
    await axe(phone, "consent after a change of plan");
    for (const box of await phone.locator("main input[name=statement]").all()) await box.check();
    await phone.fill("main input[name=signed_name]", "Cairn Demo");
    await phone.getByRole("button", { name: "Sign" }).click();
    await phone.waitForLoadState("load");
    await says(phone, "You signed this", "after signing");
  });
  await step("and the plan asks for it no more", async () => {
    await prescriber.goto(`${moved}/plan`);
    const words = await prescriber.locator("main").innerText();
    ensure(!words.includes("consent to the text of this plan is signed"), "the signed consent is still asked for");
    ensure(words.includes("a companion is named"), "a companion is still to be named");
  });
  await step("the course ends, and the phone says that it is still asked how they are", async () => {
    await prescriber.goto(moved);
    await send(prescriber, "end", { "end-reason": "completed", "end-words": "One infusion helped; nothing more is wanted for now." });
    await says(prescriber, "Refer again", "the overview of an ended chart");
    await phone.goto("/my");
    await says(phone, "we still ask how you are", "the first page after the end");
  });
  await shot(prescriber, "ended-overview-desktop");
  for (const [page, size] of [[prescriber, "desktop"], [small, "phone"]]) await look(page, `${moved}/refer`, tools, `refer-again-${size}`);
  await step("a further referral begins a new course in the same chart, from a phone of 390 px", async () => {
    await small.goto(`${moved}/refer`);
    ensure((await small.locator("main [name=name]").inputValue()) === "Cairn Demo", "what is known stands in the fields");
    await send(small, "refer", { reason: "It came back after a month.", source: "the care team" });
    await small.goto(`${moved}/refer`);
    await says(small, "A course is going on", "after the referral");
  });
  await step("everything is asked anew", async () => {
    await phone.goto("/my");
    await says(phone, "a few questions", "the first page of a new course");
    ensure((await phone.locator("main a.row-link[href^='/my/questions/']").count()) >= 8, "screening and baseline are open again");
  });
  await shot(phone, "again-phone");
  const again = await step("somebody referred again has both courses in one chart", () => chartNamed(prescriber, "Brook", ensure));
  for (const [page, size] of [[prescriber, "desktop"], [small, "phone"]]) await look(page, `${again}/measures`, tools, `again-measures-${size}`);
  await step("the two courses are told", async () => {
    await prescriber.goto(`${again}/refer`);
    await says(prescriber, "sl-home, 2 of 6 doses", "the course before");
    await says(prescriber, "A course is going on", "and the one that goes on");
  });
}
