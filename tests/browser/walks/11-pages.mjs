// Every page of every role, at both sizes: it answers, has one first-level heading, is not scrolled sideways, and axe finds
// nothing.

export const name = "every page";

const PASSWORD = "still water runs deep";

export async function signIn(open, size, login, step) {
  const page = await open(size);
  await step(`${login} signs in (${size})`, async () => {
    await page.goto("/sign-in");
    await page.fill("input[name=login]", login);
    await page.fill("input[name=password]", PASSWORD);
    page.password = PASSWORD;
    await page.click("main button[type=submit]");
    await page.waitForLoadState("load");
    if (new URL(page.url()).pathname === "/sign-in") throw new Error("still at the sign-in page");
  });
  return page;
}

export async function look(page, path, { step, axe, shot, ensure }, picture) {
  await step(`${path} at ${page.viewportSize().width} px`, async () => {
    const response = await page.goto(path);
    ensure(response.status() === 200, `the answer is ${response.status()} and should be 200`);
    ensure((await page.locator("h1").count()) === 1, "the page should have one first-level heading");
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    ensure(width <= page.viewportSize().width, `the page is ${width} px wide and must be scrolled sideways`);
  });
  await axe(page, `${path} at ${page.viewportSize().width} px`);
  if (picture) await shot(page, picture);
}

export async function run(tools) {
  const { open, step } = tools;
  const staff = {
    guide: ["/caseload", "/board", "/inbox", "/referrals", "/referrals/new", "/referrals/import"],
    manager: ["/programme", "/programme?setting=home&veteran=yes", "/programme/trials"],
    administrator: ["/people"],
  };
  const tabs = ["", "/intake", "/findings", "/plan", "/sessions", "/measures", "/therapy", "/safety-plan", "/documents", "/access"];
  for (const size of ["desktop", "phone"]) {
    for (const [login, paths] of Object.entries(staff)) {
      const page = await signIn(open, size, login, step);
      for (const path of paths) await look(page, path, tools, `${path.slice(1).replaceAll("/", "-")}-${size}`);
      if (login !== "guide") continue;
      await page.goto("/caseload?q=Birch");
      const chart = await step("the veteran's chart is in the caseload", async () => {
        const href = await page.locator("a[href^='/patients/']").first().getAttribute("href");
        if (!href) throw new Error("no link to a chart");
        return new URL(href, page.url()).pathname.split("/").slice(0, 3).join("/");
      });
      for (const tab of tabs) await look(page, chart + tab, tools, `chart${tab.replace("/", "-")}-${size}`);
    }
  }
  const mine = ["/my", "/my/outcome", "/my/consent", "/my/journal", "/my/safety-plan", "/my/companion", "/my/record", "/my/learn", "/my/help-now"];
  for (const size of ["phone", "desktop"]) {
    const page = await signIn(open, size, "veteran", step);
    for (const path of mine) await look(page, path, tools, `${path.slice(1).replaceAll("/", "-")}-${size}`);
  }
  const asked = await signIn(open, "phone", "screening", step);
  for (const path of ["/my", "/my/history", "/my/questions/lec-5", "/my/questions/pcl-5-month?all=1", "/my/questions/asq"]) {
    await look(asked, path, tools);
  }
}
