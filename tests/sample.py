"""A session and a profile with which many tests begin their ~/.aws/config."""

CORP = """\
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
"""
PROD = """\
[profile prod]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
region = eu-west-1
"""
