// A certified OpenID provider (npm's oidc-provider) that the tests run: people, groups, clients and keys are what a test says.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Provider } from 'oidc-provider';

const SECRET = 'a secret that only both of them know';

function newKey(kid) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
}

export class IdentityProvider {
  #http;
  #provider;
  #client;
  #keys = [newKey('first')];
  /** By user name: the display name and the groups. */
  people;
  /** Changes the address to which it sends browsers, as an attacker would. */
  change = (address) => address;

  static async start(people) {
    const provider = new IdentityProvider();
    provider.people = people;
    provider.#http = createServer((request, response) => {
      const setHeader = response.setHeader.bind(response);
      response.setHeader = (name, value) => setHeader(name, name.toLowerCase() === 'location' ? provider.change(value) : value);
      provider.#provider.callback()(request, response);
    });
    provider.#http.listen(0, '127.0.0.1');
    await once(provider.#http, 'listening');
    provider.#build();
    return provider;
  }

  get issuer() { return `http://127.0.0.1:${this.#http.address().port}`; }
  get secret() { return SECRET; }

  /** Registers Watchdesk by the addresses that its page shows. */
  register({ redirect, backChannel, afterSignOut }) {
    this.#client = {
      client_id: 'watchdesk', client_secret: SECRET, redirect_uris: [redirect], post_logout_redirect_uris: [afterSignOut],
      backchannel_logout_uri: backChannel, backchannel_logout_session_required: true,
      response_types: ['code'], grant_types: ['authorization_code'],
    };
    this.#build();
  }

  /** From now on tokens are signed by another key, and the one before is gone. */
  rotateKey() {
    this.#keys = [newKey(`key ${Date.now()}`)];
    this.#build();
  }

  #build() {
    const claims = async (name) => {
      const { displayName, groups } = this.people[name];
      return { sub: name, preferred_username: name, name: displayName, email: `${name}@contoso.test`, groups };
    };
    this.#provider = new Provider(this.issuer, {
      clients: this.#client ? [this.#client] : [],
      findAccount: (_, name) => (this.people[name] ? { accountId: name, claims: () => claims(name) } : undefined),
      claims: { openid: ['sub'], profile: ['preferred_username', 'name'], email: ['email'], groups: ['groups'] },
      scopes: ['openid', 'profile', 'email', 'groups'],
      features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
      pkce: { required: () => true },
      jwks: { keys: this.#keys },
      cookies: { keys: ['only for tests'] },
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    });
  }

  async stop() {
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, 'close');
  }
}

/** Signs in on the provider's pages and agrees to what it asks. */
export async function signInAtProvider(page, name) {
  await page.getByPlaceholder('Enter any login').fill(name);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}
