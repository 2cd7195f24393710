// Signing in by an identity provider: a certified one, which the tests run.
import assert from 'node:assert/strict';
import { WITH_ADMINISTRATOR } from './support/cast.mjs';
import { becomes } from './support/expect.mjs';
import { IdentityProvider, signInAtProvider } from './support/identity-provider.mjs';
import { journey } from './support/journey.mjs';

const people = WITH_ADMINISTRATOR;
const TEAM = { nadia: { displayName: 'Nadia Costa', groups: ['soc'] }, ada: { displayName: 'Somebody Else', groups: ['sales'] } };

/** Sets a provider up on the pages of an administrator, as they would. */
async function setUp(world, ada, { name = 'Contoso', team = TEAM, more = {} } = {}) {
  const provider = await IdentityProvider.start(structuredClone(team));
  await ada.goto('/settings/sign-in/providers/new');
  const fields = {
    Name: name, Issuer: provider.issuer, 'Client ID': 'watchdesk', 'Client secret': provider.secret,
    Scopes: 'profile email groups', 'Roles by group': 'soc = analyst\nsoc-leads = lead', ...more,
  };
  for (const [label, value] of Object.entries(fields)) await ada.getByLabel(label, { exact: true }).fill(value);
  await ada.getByLabel('Default role').selectOption('viewer');
  await ada.getByRole('button', { name: 'Save' }).click();
  await ada.getByText('To enter at the provider').waitFor();
  const text = (id) => ada.locator(`#${id}`).textContent();
  provider.register({ redirect: await text('redirect-uri'), backChannel: await text('back-channel-uri'), afterSignOut: await text('after-uri') });
  return provider;
}

const isAtQueue = (page) => page.getByRole('table', { name: 'Incidents' }).waitFor();

async function begin(page, name = 'Contoso') {
  await page.goto('/login');
  await page.getByRole('link', { name: `Sign in with ${name}` }).click();
}

async function signIn(page, person) {
  await begin(page);
  await signInAtProvider(page, person);
  await isAtQueue(page);
}

async function roleOf(page) {
  await page.goto('/account');
  return page.locator('.facts a').first().textContent();
}

/** Runs a claim with a provider that stops with it. */
function withProvider(claim, options, act) {
  journey(claim, { people }, async (world) => {
    const ada = await world.signIn('ada');
    const provider = await setUp(world, ada, options);
    try { await act(world, ada, provider); } finally { await provider.stop(); }
  });
}

withProvider('somebody new signs in, has the role of their group, and another one when that changes', {}, async (world, ada, provider) => {
  const page = await world.browse();
  await page.goto('/alerts?severity=high');
  await page.getByRole('link', { name: 'Sign in with Contoso' }).click();
  await signInAtProvider(page, 'nadia');
  await page.waitForURL('**/alerts?severity=high');
  assert.equal(await roleOf(page), 'Analyst');
  await page.getByText('Nadia Costa').first().waitFor();
  provider.people.nadia.groups = ['soc', 'soc-leads'];
  const again = await world.browse();
  await signIn(again, 'nadia');
  assert.equal(await roleOf(again), 'Lead');
  provider.people.nadia.groups = [];
  const third = await world.browse();
  await signIn(third, 'nadia');
  assert.equal(await roleOf(third), 'Viewer', 'the default role');
  await ada.goto('/settings/people');
  assert.equal(await ada.getByRole('table', { name: 'People' }).getByText('nadia', { exact: true }).count(), 1, 'one account');
});

withProvider('a name at the provider gives nobody the account that has it here', {}, async (world, ada) => {
  const page = await world.browse();
  await signIn(page, 'ada');
  await page.goto('/account');
  await page.getByText('ada-2', { exact: true }).waitFor();
  assert.equal(await roleOf(page), 'Viewer');
  await ada.goto('/settings/people');
  await ada.getByRole('heading', { name: 'People' }).waitFor();
});

withProvider('signing out signs out at the provider too', {}, async (world) => {
  const page = await world.browse();
  await signIn(page, 'nadia');
  await page.locator('.who-menu summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await begin(page);
  await page.getByPlaceholder('Enter any login').waitFor();
});

withProvider('a session that ends at the provider ends here', {}, async (world, ada, provider) => {
  const page = await world.browse();
  await signIn(page, 'nadia');
  const other = await page.context().newPage();
  await other.goto(`${provider.issuer}/session/end`);
  await other.getByRole('button', { name: 'Yes, sign me out' }).click();
  await becomes(async () => {
    await page.goto('/incidents');
    return new URL(page.url()).pathname;
  }, '/login');
});

withProvider('a key that is new is read, and the sign-in goes on', {}, async (world, ada, provider) => {
  await signIn(await world.browse(), 'nadia');
  provider.rotateKey();
  await signIn(await world.browse(), 'nadia');
});

withProvider('an address of a sign-in that is over, changed, or of another browser signs nobody in', {}, async (world) => {
  const page = await world.browse();
  const back = page.waitForRequest((request) => request.url().includes('/callback?'));
  await signIn(page, 'nadia');
  const used = (await back).url();
  await page.context().clearCookies();
  for (const address of [used, used.replace(/state=[^&]*/, 'state=another'), used.replace(/code=[^&]*/, 'code=another')]) {
    await page.goto(address);
    await page.getByRole('alert').waitFor();
    assert.equal(new URL(page.url()).pathname, '/login');
  }
});

withProvider('an answer with another state, issuer or code is refused', {}, async (world, ada, provider) => {
  for (const [part, value] of [['state', 'another'], ['iss', 'https%3A%2F%2Fevil.example'], ['code', 'another']]) {
    const page = await world.browse();
    provider.change = (address) => (address.includes('/callback?') ? address.replace(new RegExp(`\\b${part}=[^&]*`), `${part}=${value}`) : address);
    await begin(page);
    await signInAtProvider(page, 'nadia');
    await page.getByRole('alert').filter({ hasText: 'The sign-in was not accepted.' }).waitFor();
  }
});

withProvider('what one provider answers is not taken as the answer of another', {}, async (world, ada, provider) => {
  const second = await setUp(world, ada, { name: 'Fabrikam' });
  try {
    const page = await world.browse();
    provider.change = (address) => address.replace('/oidc/contoso/callback?', '/oidc/fabrikam/callback?');
    await begin(page, 'Contoso');
    await signInAtProvider(page, 'nadia');
    await page.getByRole('alert').filter({ hasText: 'The sign-in was not accepted.' }).waitFor();
    const other = await world.browse();
    await begin(other, 'Fabrikam');
    await signInAtProvider(other, 'nadia');
    await isAtQueue(other);
    await other.goto('/account');
    await other.getByText('nadia', { exact: true }).waitFor();
  } finally { await second.stop(); }
});

journey('a provider that says it is another one is not used', { people }, async (world) => {
  const ada = await world.signIn('ada');
  const provider = await setUp(world, ada);
  try {
    await ada.getByLabel('Issuer', { exact: true }).fill(`${provider.issuer}/`);
    await ada.getByRole('button', { name: 'Save' }).click();
    await ada.getByText('Saved.').waitFor();
    const page = await world.browse();
    await begin(page);
    await page.getByRole('alert').filter({ hasText: 'does not answer as it should' }).waitFor();
  } finally { await provider.stop(); }
});

withProvider('without passwords only the provider signs in, and a link from the server when it fails', {}, async (world, ada) => {
  await ada.goto('/settings/sign-in');
  await ada.getByLabel('Sign-in by password').selectOption('off');
  await ada.getByRole('button', { name: 'Save' }).click();
  const page = await world.browse();
  await page.goto('/login');
  assert.equal(await page.getByLabel('Password').count(), 0);
  await signIn(page, 'nadia');
  const refused = await fetch(`${world.server.url}/login`, { method: 'POST', body: new URLSearchParams({ name: 'ada', password: world.server.password }), redirect: 'manual' });
  assert.equal(refused.status, 403);
  const link = (await world.server.command(['user', 'sign-in-link', 'ada'])).trim();
  const rescued = await world.browse();
  await rescued.goto(link);
  await rescued.getByRole('button', { name: 'Sign in' }).click();
  await isAtQueue(rescued);
  await (await world.browse()).goto(link).then((answer) => assert.equal(answer.status(), 404));
});
