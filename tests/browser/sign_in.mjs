// Signing in and out at a provider that is not ours, in a browser: by its defaults, and as ProConnect behaves.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, program, shown } from "./harness.mjs";
import { listen, proconnect, SECRET, usual } from "./provider.mjs";

const root = new URL("../..", import.meta.url).pathname;

async function freeAddress() {
  const { server, address } = await listen();
  await new Promise((resolve) => { server.close(resolve); });
  return address;
}

/** vigie in a folder of its own, its pages behind these providers; its platform does not answer. */
async function vigie(base, providers) {
  const folder = mkdtempSync(join(tmpdir(), "vigie-"));
  const config = join(folder, "vigie.toml");
  writeFileSync(config, `
[dn]
endpoint = "http://127.0.0.1:9/graphql"
token = "essai"
demarche = 1
[act]
mail = false
annotations = false
messages = false
[store]
url = "sqlite:vigie.db"
[form]
path = "${root}config/form.toml"
[guide]
choices = "${root}config/choices.toml"
[web]
listen = "${new URL(base).host}"
base = "${base}"
contact = "label@organisme.example"
${providers}`);
  const log = join(folder, "log");
  const running = spawn("sh", ["-c", `exec "${program}" --config "${config}" run 2>"${log}"`], { stdio: "ignore" });
  for (let tries = 0; ; tries += 1) {
    const up = await fetch(`${base}/healthz`).then((answer) => answer.ok, () => false);
    if (up) break;
    if (tries > 100) throw new Error(readFileSync(log, "utf8"));
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  return {
    // What it printed, whether or not it found a fault.
    said: (...words) => new Promise((resolve) => {
      execFile(program, ["--config", config, ...words], (_, out) => { resolve(out); });
    }),
    log: () => readFileSync(log, "utf8"),
    stop: () => { running.kill(); rmSync(folder, { recursive: true, force: true }); },
  };
}

const oidc = (issuer, more) => `
[[web.oidc]]
issuer = "${issuer}"
client_id = "vigie"
client_secret = ${JSON.stringify(SECRET)}
${more}
[web.oidc.roles]
organisme = ["agent@organisme.example"]
`;

/** A page whose provider asks no other host for its letters. */
async function opened(browser) {
  const page = await (await browser.newContext()).newPage();
  await page.route("**/fonts.googleapis.com/**", (route) => route.abort());
  return page;
}

/** The provider's own pages: a name, then a consent. */
async function signIn(page, login) {
  await page.fill("[name=login]", login);
  await page.fill("[name=password]", "essai");
  await page.click("button[type=submit]");
  await page.click("button[type=submit]");
}

await shown("sign_in", async (browser) => {
  const base = await freeAddress();
  const provider = await usual(base);
  let pages = await vigie(base, oidc(provider.address, 'name = "Essai"'));
  try {
    const page = await opened(browser);
    await check("somebody signs in at the provider as it comes, and comes back to the page", async () => {
      await page.goto(`${base}/journal?dossier=1`);
      await signIn(page, "agent");
      assert.equal(page.url(), `${base}/journal?dossier=1`);
      assert.match(await page.textContent("h1"), /Journal/);
    });
    await check("the command lists the session, and `check` has a line for the provider", async () => {
      assert.match(await pages.said("sessions", "list"), /organisme {2}agent@organisme\.example/);
      assert.match(await pages.said("check"), /OK +connexion +Essai répond .*\/connexion\/retour .*\/session /);
    });
    await check("signing out ends both sessions", async () => {
      await page.goto(`${base}/session`);
      await page.click("text=Se déconnecter");
      await page.waitForURL(`${provider.address}/**`);
      await page.click("button[value=yes]");
      await page.waitForURL(`${base}/session**`);
      assert.match(await page.textContent("main"), /Vous n’êtes pas connecté/);
      await page.goto(`${base}/journal`);
      assert.ok(await page.isVisible("[name=login]"), "the provider asks again");
    });
    await check("somebody without a role reads why and whom to ask, and the log does not name them", async () => {
      await signIn(page, "inconnu");
      const text = await page.textContent("main");
      assert.match(text, /Essai.*inconnu@ailleurs\.example.*label@organisme\.example/s);
      assert.match(pages.log(), /somebody signed in and has no role/);
      assert.doesNotMatch(pages.log(), /ailleurs\.example|organisme\.example|eyJ/);
    });
    await check("a revoked session is asked to sign in again", async () => {
      const own = await opened(browser);
      await own.goto(`${base}/journal`);
      await signIn(own, "agent");
      assert.match(await pages.said("sessions", "revoke", "agent@organisme.example"), /1 session est fermée/);
      const answer = await own.request.get(`${base}/journal`, { maxRedirects: 0 });
      assert.equal(answer.status(), 303);
    });
  } finally {
    pages.stop();
    provider.stop();
  }

  const login = { name: "agent", acr: "eidas2", count: 0 };
  const pro = await proconnect(base, login);
  const second = await usual(base);
  const levels = 'provider = "proconnect"\nsigned_userinfo = true\nacr = ["eidas2", "eidas3"]';
  pages = await vigie(base, oidc(pro.address, levels) + oidc(second.address, 'id = "essai"\nname = "Essai"'));
  try {
    const page = await opened(browser);
    await check("with two providers one chooses, ProConnect first", async () => {
      await page.goto(`${base}/labels`);
      assert.deepEqual(await page.locator(".door").allTextContents(), ["S’identifier avec ProConnect", "Se connecter avec Essai"]);
      await page.click("text=S’identifier avec ProConnect");
      await page.waitForURL(`${base}/labels`);
    });
    await check("ProConnect was asked what it documents, and nothing else", async () => {
      const asked = pro.asked.at(-1);
      assert.equal(asked.get("scope"), "openid email given_name usual_name siret idp_id roles organization_label");
      assert.deepEqual(JSON.parse(asked.get("claims")), { id_token: { acr: { essential: true, values: ["eidas2", "eidas3"] }, amr: null } });
    });
    await check("a level that ProConnect cannot reach is refused, and the person told to use a second factor", async () => {
      const weak = await opened(browser);
      login.acr = "eidas1";
      await weak.goto(`${base}/connexion?par=proconnect`);
      assert.match(await weak.textContent("main"), /second facteur/);
      login.acr = "eidas2";
    });
    await check("signing out of ProConnect comes back here, and the next sign-in asks it again", async () => {
      const before = login.count;
      await page.goto(`${base}/session`);
      await page.click("text=Se déconnecter");
      await page.waitForURL(`${pro.address}/**`);
      await page.click("button[value=yes]");
      await page.waitForURL(`${base}/session**`);
      await page.goto(`${base}/connexion?par=proconnect`);
      await page.waitForURL(`${base}/`);
      assert.equal(login.count, before + 1);
    });
    await check("no address, token or code is in the log", async () => {
      assert.doesNotMatch(pages.log(), /@|eyJ|code=/);
    });
  } finally {
    pages.stop();
    pro.stop();
    second.stop();
  }
});
