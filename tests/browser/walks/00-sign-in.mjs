// The way in: the page answers, keeps the browser strict, and can be used at both sizes.

export const name = "sign in";

const HEADERS = {
  "x-content-type-options": /^nosniff$/,
  "referrer-policy": /^same-origin$/,
  "cache-control": /no-store/,
  "cross-origin-opener-policy": /^same-origin$/,
  "permissions-policy": /geolocation=\(\)/,
};

const NEEDED_IN_POLICY = [/default-src '(self|none)'/, /frame-ancestors 'none'/, /base-uri '(none|self)'/, /form-action 'self'/];
const BANNED_IN_POLICY = [/unsafe-inline/, /unsafe-eval/, /(?:^|[\s;])\*(?:[\s;]|$)/, /https?:/];

export async function run({ open, step, axe, shot, ensure }) {
  for (const size of ["phone", "desktop"]) {
    const page = await open(size);
    const response = await step(`the page answers at ${size} size`, async () => {
      const response = await page.goto("/sign-in");
      ensure(response.status() === 200, `the answer is ${response.status()} and should be 200`);
      ensure((await page.title()).trim() !== "", "the page has no title");
      ensure((await page.locator("h1").count()) === 1, "the page should have one first-level heading");
      ensure((await page.locator("input[type=password]").count()) === 1, "the page should ask for one password");
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      ensure(width <= page.viewportSize().width, `the page is ${width} px wide and must be scrolled sideways`);
      return response;
    });
    await step(`the headers keep the browser strict at ${size} size`, async () => {
      const headers = await response.allHeaders();
      for (const [header, pattern] of Object.entries(HEADERS)) {
        ensure(pattern.test(headers[header] ?? ""), `${header} is ${headers[header] ?? "missing"} and should match ${pattern}`);
      }
      const policy = headers["content-security-policy"] ?? "";
      for (const part of NEEDED_IN_POLICY) ensure(part.test(policy), `the policy lacks ${part}: ${policy || "there is none"}`);
      for (const part of BANNED_IN_POLICY) ensure(!part.test(policy), `the policy allows ${part}: ${policy}`);
      ensure(headers.server === undefined, `the server names itself: ${headers.server}`);
    });
    await axe(page, `the page at ${size} size`);
    await shot(page, `sign-in-${size}`);
  }
}
