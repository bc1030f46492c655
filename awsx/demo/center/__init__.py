"""A made-up AWS on loopback: one IAM Identity Center, and as much of AWS as a login needs.

It answers, on one port of 127.0.0.1:

- sso-oidc: RegisterClient, StartDeviceAuthorization and CreateToken;
- the pages for a person's browser: /authorize, /device and the access portal's start page;
- the SSO portal: ListAccounts, ListAccountRoles, GetRoleCredentials and Logout;
- STS: GetCallerIdentity, AssumeRole, AssumeRoleWithWebIdentity, GetSessionToken and
  GetFederationToken;
- ListBuckets of S3, GetAuthorizationToken of ECR, and the federation endpoint of the web console.

Like AWS: the names and shapes of errors, PKCE, rotation of refresh tokens, paging, Signature
Version 4, lifetimes, and that an Identity Center answers in its own region only. How the real
service refuses a wrong region or a used refresh token is not documented; users' reports are the
source here.

Unlike AWS: the time of a signature is not checked, the one person may use every account and every
permission set, every caller may assume every IAM role, and nothing is stored: all state ends with
the server.

`identity_center.py` is the way in. `behaviour.py` lists what can be made to go wrong, and
`request_log.py` records what was asked. Standard library only.
"""
