// An OpenID Connect provider that is not ours (npm oidc-provider), in its own defaults or as ProConnect behaves.
import { once } from "node:events";
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

export const SECRET = "un secret+/:&%=~";

/** People by their login; one address has a role, the other none. */
const PEOPLE = {
  agent: { email: "Agent@Organisme.example", email_verified: true },
  inconnu: { email: "inconnu@ailleurs.example", email_verified: true },
};

/** A server at a free port, and its address. */
export async function listen() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, address: `http://127.0.0.1:${server.address().port}` };
}

function key() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig", kid: "k" };
}

function findAccount(people) {
  return (_, id) => (people[id] ? { accountId: id, claims: () => ({ sub: id, ...people[id] }) } : undefined);
}

function client(base, more) {
  return {
    client_id: "vigie", client_secret: SECRET, redirect_uris: [`${base}/connexion/retour`],
    post_logout_redirect_uris: [`${base}/session`], ...more,
  };
}

/** As it comes: claims at UserInfo alone, the secret in a header, a page to sign in and one to consent. */
export async function usual(base) {
  const { server, address } = await listen();
  const provider = new Provider(address, {
    clients: [client(base, {})], findAccount: findAccount(PEOPLE), cookies: { keys: ["essai"] }, jwks: { keys: [key()] },
    claims: { openid: ["sub"], email: ["email", "email_verified"] }, pkce: { required: () => true },
  });
  server.on("request", provider.callback());
  return { address, stop: () => server.close() };
}

/** As ProConnect: the secret in the body alone, signed UserInfo, levels, long states, no word on addresses. */
export async function proconnect(base, login) {
  const { server, address } = await listen();
  const people = Object.fromEntries(Object.entries(PEOPLE).map(([id, { email }]) =>
    [id, { email, given_name: "Camille", usual_name: "Essai", siret: "13002526500013", idp_id: "7114", roles: ["agent_public"], organization_label: "Essai" }]));
  const provider = new Provider(address, {
    clients: [client(base, { token_endpoint_auth_method: "client_secret_post", userinfo_signed_response_alg: "RS256" })],
    clientAuthMethods: ["client_secret_post", "private_key_jwt"],
    acrValues: ["eidas1", "eidas2"],
    features: { devInteractions: { enabled: false }, jwtUserinfo: { enabled: true }, claimsParameter: { enabled: true } },
    claims: {
      openid: ["sub"], acr: null, amr: null, email: ["email"], given_name: ["given_name"], usual_name: ["usual_name"],
      siret: ["siret"], idp_id: ["idp_id"], roles: ["roles"], organization_label: ["organization_label"],
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: findAccount(people), cookies: { keys: ["essai"] }, jwks: { keys: [key()] },
    routes: { authorization: "/authorize", userinfo: "/userinfo", end_session: "/session/end" },
  });
  const asked = [];
  const known = ["response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "claims", "code_challenge", "code_challenge_method"];
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    const url = new URL(request.url, address);
    if (url.pathname === "/authorize") {
      const short = ["state", "nonce"].some((name) => (url.searchParams.get(name) ?? "").length < 32);
      const other = [...url.searchParams.keys()].filter((name) => !known.includes(name));
      asked.push(url.searchParams);
      if (short || other.length > 0) { response.writeHead(400).end(`Y000400 ${other}`); return; }
    }
    if (!url.pathname.startsWith("/interaction/")) { answer(request, response); return; }
    const { params, session } = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: session?.accountId ?? login.name, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    grant.addOIDCClaims(["acr", "amr"]);
    // A level that cannot be reached is an error that the browser brings back.
    const refused = { error: "access_denied", error_description: "requested ACRs could not be satisfied" };
    const given = { login: { accountId: login.name, acr: login.acr, amr: ["pwd"] }, consent: { grantId: await grant.save() } };
    login.count += 1;
    const result = login.acr === "eidas1" ? refused : given;
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  return { address, asked, stop: () => server.close() };
}
