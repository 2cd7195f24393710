// The script of the pages on which people sign in.

import './sign-in/sign-in-by-passkey.js';
