/** The private key (a JWK) that signs sessions. */
export const jwtKey = new sst.Secret("JwtKey");

/** 32 bytes in base64: seals ANAF tokens before they reach the table. */
export const tokenKey = new sst.Secret("TokenKey");

/** What ANAF gave us when the application was registered for OAuth. */
export const anafClientId = new sst.Secret("AnafClientId");
export const anafClientSecret = new sst.Secret("AnafClientSecret");
