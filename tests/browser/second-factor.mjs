// Signing in with an authenticator app and with passkeys, in a browser with a virtual authenticator.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { WITH_ADMINISTRATOR } from './support/cast.mjs';
import { journey } from './support/journey.mjs';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of an app for a secret, `steps` of 30 seconds from now (RFC 6238). */
function codeOf(secret, steps = 0) {
  const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac('sha1', key).update(counter).digest();
  const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Browsers use passkeys on a host with a name only. */
const onLocalhost = (world) => ({ baseURL: world.server.url.replace('127.0.0.1', 'localhost') });

async function addAuthenticator(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', { options });
  return { verifies: (is) => client.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: is }) };
}

async function enterPassword(world, page, name) {
  await page.goto('/login');
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password').fill(world.server.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function signOut(page) {
  await page.locator('.who-menu summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
}

const isAtQueue = (page) => page.getByRole('table', { name: 'Incidents' }).waitFor();

journey('an authenticator app is set up, asked for, lost, and replaced by a recovery code', {}, async (world) => {
  const page = await world.signIn('dana');
  await page.goto('/account');
  await page.getByRole('button', { name: 'Set up authenticator app' }).click();
  const picture = page.getByRole('img', { name: 'QR code' });
  assert.ok(await picture.evaluate(async (image) => { await image.decode(); return image.naturalWidth > 100; }), 'the QR code is drawn');
  const secret = await page.locator('#secret').textContent();
  await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret));
  await page.getByRole('button', { name: 'Verify' }).click();
  const codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents();
  assert.equal(codes.length, 10);
  await signOut(page);

  await enterPassword(world, page, 'dana');
  await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret, 1));
  await page.getByRole('button', { name: 'Verify' }).click();
  await isAtQueue(page);
  await signOut(page);

  await enterPassword(world, page, 'dana');
  await page.getByRole('textbox', { name: 'Code' }).fill(codes[0]);
  await page.getByRole('button', { name: 'Verify' }).click();
  await isAtQueue(page);
});

journey('whoever must have a second factor sets one up before anything else', { people: WITH_ADMINISTRATOR }, async (world) => {
  const ada = await world.signIn('ada');
  await ada.goto('/settings/sign-in');
  await ada.getByLabel('Who must have a second factor').selectOption('Everybody');
  await ada.getByRole('button', { name: 'Save' }).click();
  const page = await world.browse();
  await enterPassword(world, page, 'dana');
  await page.getByRole('heading', { name: 'Set up authenticator app' }).waitFor();
  await page.goto('/incidents');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await enterPassword(world, page, 'dana');
  const secret = await page.locator('#secret').textContent();
  await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret));
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByRole('list', { name: 'Recovery codes' }).waitFor();
  await page.getByRole('link', { name: 'Continue' }).click();
  await isAtQueue(page);
});

journey('a passkey signs in without a password, and as the second factor after one', {}, async (world) => {
  const page = await world.browse(onLocalhost(world));
  const authenticator = await addAuthenticator(page);
  await enterPassword(world, page, 'dana');
  await isAtQueue(page);
  await page.goto('/account');
  await page.getByLabel('Name of the passkey').fill('Work laptop');
  await page.getByRole('button', { name: 'Add passkey' }).click();
  await page.getByRole('list', { name: 'Passkeys' }).getByText('Work laptop').waitFor();
  await signOut(page);

  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await isAtQueue(page);
  await signOut(page);

  await enterPassword(world, page, 'dana');
  await page.getByRole('heading', { name: 'Second factor' }).waitFor();
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await isAtQueue(page);
  await page.goto('/account');
  await page.getByText('password, passkey').waitFor();
  await signOut(page);

  await authenticator.verifies(false);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('alert').filter({ hasText: 'not allowed to use a passkey' }).waitFor();
});

journey('a passkey that was removed no longer signs in', {}, async (world) => {
  const page = await world.browse(onLocalhost(world));
  await addAuthenticator(page);
  await enterPassword(world, page, 'dana');
  await isAtQueue(page);
  await page.goto('/account');
  await page.getByRole('button', { name: 'Add passkey' }).click();
  await page.getByRole('button', { name: 'Remove passkey Passkey' }).click();
  await page.getByText('The passkey was removed.').waitFor();
  await signOut(page);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('alert').filter({ hasText: 'The passkey was not accepted.' }).waitFor();
  await enterPassword(world, page, 'dana');
  await isAtQueue(page);
});

journey('an answer of a passkey is used once', {}, async (world) => {
  const page = await world.browse(onLocalhost(world));
  await addAuthenticator(page);
  await enterPassword(world, page, 'dana');
  await isAtQueue(page);
  await page.goto('/account');
  await page.getByRole('button', { name: 'Add passkey' }).click();
  await page.getByRole('list', { name: 'Passkeys' }).waitFor();
  await signOut(page);
  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/login/passkey'));
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  const body = (await sent).postData();
  await isAtQueue(page);
  const replayed = await fetch(`${onLocalhost(world).baseURL}/login/passkey`, {
    method: 'POST', redirect: 'manual', body, headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  assert.equal(replayed.headers.get('location'), '/login');
});
