"""The links of `awsx console`: pages of services and resources, the portal's, what is pasted."""

from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from botocore.session import Session
from sample import CORP, PROD

from awsx.commands import console
from awsx.console import browsers, opening, pages, portal, wanted
from awsx.facts import Facts
from awsx.files.profiles import SsoSession
from awsx.term import AwsxError

# What people call services that botocore names otherwise, or has no name for.
CALLED = {"alb", "cloudmap", "cloudshell", "cognito", "cost", "elasticloadbalancing"}
CALLED |= {"eventbridge", "home", "macie", "msk", "parameters", "states", "vpc"}
START = "https://corp.awsapps.com/start"
AWS = "https://eu-west-1.console.aws.amazon.com"


def test_the_services_are_botocores_and_at_least_90():
    names = pages.service_names()
    known = set(Session().get_available_services())
    assert len(names) == len(set(names))
    assert len(set(names) & known) >= 90
    assert set(names) - known == CALLED


@pytest.mark.parametrize("name", pages.service_names())
def test_each_service_has_a_page(name):
    url = urlsplit(pages.service(name, "eu-west-1"))
    where = parse_qs(url.query)["region"][0]
    assert where in ("eu-west-1", "us-east-1")
    assert url.hostname == f"{where}.console.aws.amazon.com"
    assert url.path.strip("/")


PAGES = [
    ("s3", "eu-west-1", f"{AWS}/s3/home?region=eu-west-1"),
    ("s3", "", "https://console.aws.amazon.com/s3/home"),
    ("iam", "eu-west-1", "https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1"),
    ("ebs", "eu-west-1", f"{AWS}/ec2/home?region=eu-west-1#Volumes:"),
    ("ec2", "cn-north-1", "https://cn-north-1.console.amazonaws.cn/ec2/home?region=cn-north-1"),
    (
        "iam",
        "us-gov-east-1",
        "https://us-gov-west-1.console.amazonaws-us-gov.com/iam/home?region=us-gov-west-1",
    ),
    (
        "lambda",
        "eusc-de-east-1",
        "https://eusc-de-east-1.console.amazonaws-eusc.eu/lambda/home?region=eusc-de-east-1",
    ),
]


@pytest.mark.parametrize(("name", "region", "page"), PAGES)
def test_the_page_of_a_service(name, region, page):
    assert pages.service(name, region) == page


def test_a_service_that_nobody_knows():
    with pytest.raises(AwsxError, match="no service lambada; did you mean lambda") as caught:
        pages.service("lambada", "eu-west-1")
    assert caught.value.code == 2


ARN = "arn:aws:{}:eu-west-1:111122223333:{}"
RESOURCES = {
    "arn:aws:s3:::logs": "/s3/buckets/logs?",
    "arn:aws:s3:::logs/2026/a.gz": "/s3/buckets/logs?",
    ARN.format("ec2", "instance/i-0a"): "/ec2/home#InstanceDetails:instanceId=i-0a",
    ARN.format("ec2", "security-group/sg-1"): "/ec2/home#SecurityGroup:groupId=sg-1",
    ARN.format("ec2", "volume/vol-1"): "/ec2/home#VolumeDetails:volumeId=vol-1",
    ARN.format("ec2", "vpc/vpc-1"): "/vpcconsole/home#VpcDetails:VpcId=vpc-1",
    ARN.format("ec2", "subnet/subnet-1"): "/vpcconsole/home#SubnetDetails:subnetId=subnet-1",
    ARN.format("lambda", "function:pay"): "/lambda/home#/functions/pay",
    ARN.format("lambda", "function:pay:live"): "/lambda/home#/functions/pay",
    ARN.format("dynamodb", "table/orders"): "/dynamodbv2/home#table?name=orders",
    ARN.format("dynamodb", "table/orders/stream/1"): "/dynamodbv2/home#table?name=orders",
    ARN.format("sqs", "jobs"): "/sqs/v3/home#/queues/"
    + quote("https://sqs.eu-west-1.amazonaws.com/111122223333/jobs", safe=""),
    ARN.format("sns", "news"): "/sns/v3/home#/topic/arn%3Aaws%3Asns%3Aeu-west-1%3A111122223333%3A",
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/Admin": (
        "/iam/home#/roles/details/Admin"
    ),
    "arn:aws:iam::111122223333:user/ann": "/iam/home#/users/details/ann",
    "arn:aws:iam::111122223333:policy/p": "/iam/home#/policies/details/arn%3Aaws%3Aiam",
    ARN.format("logs", "log-group:/aws/lambda/pay:*"): (
        "/cloudwatch/home#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fpay"
    ),
    ARN.format("cloudformation", "stack/web/1-2"): (
        "/cloudformation/home#/stacks/stackinfo?stackId=arn%3A"
    ),
    ARN.format("rds", "db:orders"): "/rds/home#database:id=orders;is-cluster=false",
    ARN.format("rds", "cluster:orders"): "/rds/home#database:id=orders;is-cluster=true",
    ARN.format("ecs", "cluster/web"): "/ecs/v2/clusters/web?",
    ARN.format("ecs", "service/web/front"): "/ecs/v2/clusters/web/services/front?",
    ARN.format("ecs", "task/web/0a"): "/ecs/v2/clusters/web/tasks/0a?",
    ARN.format("eks", "cluster/web"): "/eks/clusters/web?",
    ARN.format("ecr", "repository/team/app"): (
        "/ecr/repositories/private/111122223333/team%2Fapp?"
    ),
    ARN.format("states", "stateMachine:pay"): "/states/home#/statemachines/view/arn%3A",
    ARN.format("kms", "key/0a-1"): "/kms/home#/kms/keys/0a-1",
    ARN.format("secretsmanager", "secret:db/pw-AbCdEf"): (
        "/secretsmanager/secret?name=db%2Fpw&region=eu-west-1"
    ),
    ARN.format("ssm", "parameter/app/key"): "/systems-manager/parameters/%2Fapp%2Fkey/description?",
    ARN.format("acm", "certificate/0a"): "/acm/home#/certificates/0a",
    "arn:aws:cloudfront::111122223333:distribution/E1": "/cloudfront/v4/home#/distributions/E1",
    "arn:aws:route53:::hostedzone/Z1": "/route53/v2/hostedzones#ListRecordSets/Z1",
    ARN.format("elasticloadbalancing", "loadbalancer/app/web/1"): (
        "/ec2/home#LoadBalancer:loadBalancerArn=arn%3A"
    ),
    ARN.format("codebuild", "project/web"): "/codesuite/codebuild/111122223333/projects/web?",
    ARN.format("codepipeline", "web"): "/codesuite/codepipeline/pipelines/web/view?",
    ARN.format("kinesis", "stream/clicks"): "/kinesis/home#/streams/details/clicks/monitoring",
    ARN.format("cloudwatch", "alarm:cpu high"): "/cloudwatch/home#alarmsV2:alarm/cpu%20high",
    ARN.format("glue", "job/x"): "/glue/home?",  # its service
    ARN.format("nosuch", "x"): "/console/home?",
}


@pytest.mark.parametrize("arn", RESOURCES)
def test_the_page_of_a_resource(arn):
    url = pages.resource(pages.Arn(arn), "eu-west-1")
    host, _, rest = url.removeprefix("https://").partition(".console.aws.amazon.com")
    assert f"region={host}" in url
    without = RESOURCES[arn] if "region=" in RESOURCES[arn] else None
    assert (rest if without else rest.replace(f"?region={host}#", "#")).startswith(RESOURCES[arn])


def test_the_table_of_resources_has_the_25_types_and_more():
    assert len({tuple(row[:2]) for row in pages._rows("resources")}) >= 25


def test_an_arn_says_region_and_partition():
    arn = pages.Arn("arn:aws-us-gov:lambda:us-gov-east-1:111122223333:function:f")
    assert pages.resource(arn, "eu-west-1").startswith(
        "https://us-gov-east-1.console.amazonaws-us-gov.com/lambda/"
    )
    bucket = pages.Arn("arn:aws-cn:s3:::b")
    assert pages.resource(bucket, "eu-west-1").startswith(
        "https://cn-north-1.console.amazonaws.cn/s3/buckets/b?region=cn-north-1"
    )


@pytest.mark.parametrize("text", ["arn:", "arn:aws:s3", "arn:aws:ec2:evil.com/:1:instance/i"])
def test_what_is_no_arn(text):
    with pytest.raises(AwsxError, match="is no ARN"):
        pages.Arn(text)


# Forms of start URLs (AWS-FACTS are AWS's own documentation), with what people copy behind them.
STARTS = {
    START: START,
    f"{START}/": START,
    f"{START}#": START,
    f"{START}/#": START,
    f"{START}#/": START,
    f"{START}/#/?tab=accounts": START,
    "https://ssoins-1.portal.eu-west-1.app.aws": "https://ssoins-1.portal.eu-west-1.app.aws",
    "https://ssoins-1.portal.eu-west-1.app.aws/": "https://ssoins-1.portal.eu-west-1.app.aws",
    "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/corp#/": (
        "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/corp"
    ),
    "https://corp.awsapps.cn/start/#": "https://corp.awsapps.cn/start",
    "https://identitycenter.amazonaws.com/ssoins-1": (
        "https://identitycenter.amazonaws.com/ssoins-1"
    ),
    "https://aws.example.com/": "https://aws.example.com",
}


@pytest.mark.parametrize("start", STARTS)
def test_the_portal_link_of_each_form_of_start_url(start):
    page = f"{AWS}/s3/home?region=eu-west-1#a&b"
    url = portal.link(SsoSession("corp", start, "eu-west-1", ""), "111122223333", "A+b=@,", page)
    begin = STARTS[start] + "/#/console?account_id=111122223333&role_name=A%2Bb%3D%40%2C"
    assert url == f"{begin}&destination={quote(page, safe='')}"


@pytest.mark.parametrize("start", ["", "corp", "javascript:alert(1)", "https://", "https://a b/"])
def test_a_start_url_that_no_browser_may_open(start):
    with pytest.raises(AwsxError, match="no start URL that a browser could open"):
        portal.link(SsoSession("corp", start, "eu-west-1", ""), "1", "A", "")


LINK = f"{START}/#/console?account_id=111122223333"
WANTED = {
    "prod": None,
    "111122223333": wanted.Wanted("111122223333"),
    "1111-2222-3333": wanted.Wanted("111122223333"),
    f"{AWS}/s3/home?region=eu-west-1": wanted.Wanted(page=f"{AWS}/s3/home?region=eu-west-1"),
    "https://111122223333-ab12cd34.eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#I:": (
        wanted.Wanted("111122223333", page=f"{AWS}/ec2/home?region=eu-west-1#I:")
    ),
    "https://111122223333.signin.aws.amazon.com/console": wanted.Wanted("111122223333"),
    f"{LINK}&role_name=A&destination={quote(AWS, safe='')}%2Fs3": (
        wanted.Wanted("111122223333", "A", f"{AWS}/s3")
    ),
}


@pytest.mark.parametrize("word", WANTED)
def test_what_a_word_asks_for(word):
    assert wanted.wanted(word) == WANTED[word]


@pytest.mark.parametrize(
    "word",
    [
        "https://evil.example/111122223333",
        "https://console.aws.amazon.com.evil.example/s3",
        "http://console.aws.amazon.com/s3",
        "https://a@console.aws.amazon.com/s3",
        f"{START}/#/console?account_id=111122223333&destination=https%3A%2F%2Fevil.example",
        "https://console.aws.amazon.com/\x1b]0;x",
    ],
)
def test_a_link_leads_to_no_other_host(word):
    with pytest.raises(AwsxError, match="is no address of AWS's console"):
        wanted.wanted(word)


@pytest.fixture
def env(environment, home):
    reader = PROD.replace("profile prod", "profile reader").replace("Admin", "Reader")
    (home / ".aws" / "config").write_text(CORP + PROD + reader)
    return environment


@pytest.fixture
def printed(env, capsys):
    def printed(*words, **more):
        console.console({**env, **more.pop("env", {})}, console.Asked(*words, prints=True, **more))
        return capsys.readouterr().out

    return printed


BEGIN = f"{START}/#/console?account_id=111122223333&role_name=Admin&destination="
ADDED = f"{AWS}/console/home?region=eu-west-1"


def test_the_link_of_a_profile(printed):
    assert printed("prod") == BEGIN + quote(ADDED, safe="") + "\n"
    assert printed("prod", "s3", "euw2") == (
        BEGIN
        + quote(ADDED, safe="").replace("console%2F", "s3%2F").replace("west-1", "west-2")
        + "\n"
    )


def test_this_terminals_profile_and_region(printed):
    mine = {"AWS_PROFILE": "prod", "AWS_REGION": "us-east-1"}
    assert "us-east-1.console" in unquote(printed(env=mine))
    assert "eu-west-1.console" in unquote(printed("reader", env=mine))
    with pytest.raises(AwsxError, match="this terminal uses no profile"):
        printed()


def test_the_most_used_role_of_an_account(printed, env, home):
    with pytest.raises(AwsxError, match="2 profiles use the account 111122223333: prod, reader"):
        printed("111122223333")
    folder = home / ".local" / "state" / "awsx"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "used").write_text("3 1700000000 reader\n")
    assert "role_name=Reader" in printed("111122223333")
    assert "role_name=Reader" in printed("arn:aws:lambda:eu-west-3:111122223333:function:f")
    page = "https://111122223333-ab12cd34.eu-west-3.console.aws.amazon.com/sns?region=eu-west-3"
    assert quote("https://eu-west-3.console.aws.amazon.com/sns", safe="") in printed(page)


def test_an_arn_without_an_account_is_this_terminals(printed):
    found = printed("arn:aws:s3:::logs", env={"AWS_PROFILE": "reader"})
    assert "role_name=Reader" in found
    assert "s3/buckets/logs?region=eu-west-1" in unquote(found)


def test_a_page_and_a_service_do_not_go_together(printed):
    with pytest.raises(AwsxError, match="names a page already; leave out -s s3"):
        printed("arn:aws:s3:::news", "s3", env={"AWS_PROFILE": "prod"})


def test_a_word_that_is_nothing(env):
    with pytest.raises(AwsxError, match="no profile prodd; did you mean prod"):
        console.console(env, console.Asked("prodd", prints=True))


SETTINGS = """\
[guard]
match = ["*prod*"]
[console]
browser = "firefox:{account}"
guarded = "chrome:Profile 3"
duration = "8h"
profile."re*" = "edge"
account.111122223333 = "my %s --in '{role} {profile}'"
session.corp = "vivaldi"
"""


def test_the_browser_of_a_profile_an_account_a_guard_a_session_and_the_rest(env, write_settings):
    lines = SETTINGS.splitlines(keepends=True)

    def found(name, *without):
        write_settings("".join(line for line in lines if not line.startswith(without)))
        facts = Facts(env)
        return browsers.named(facts, facts.target(name))

    assert found("reader", "-") == "edge"
    assert found("reader", "profile") == "my %s --in '{role} {profile}'"
    assert found("prod", "account") == "chrome:Profile 3"
    assert found("reader", "profile", "account") == "vivaldi"
    assert found("reader", "profile", "account", "session") == "firefox:{account}"
    assert Facts(env).settings.console.duration == 8 * 3600


@pytest.mark.parametrize(
    "line",
    ["browser = 1", 'profile = "x"', "profile.a = 1", 'duration = "13h"', 'what = "x"'],
)
def test_a_wrong_setting_is_told_with_its_line(line, env, write_settings):
    write_settings(f"[console]\n{line}\n")
    with pytest.raises(AwsxError, match=r"config.toml:2"):
        Facts(env).settings  # noqa: B018


BROWSERS = {
    "chrome": ("google-chrome %s", "https://x/"),
    "chrome:Profile 1": ("google-chrome '--profile-directory=Profile 1' %s", "https://x/"),
    "firefox:{account_name} {role}": (
        "firefox %s",
        "ext+container:name=payments%20Admin&url=https%3A%2F%2Fx%2F",
    ),
    "my %s '{role} {profile}'": ("my %s 'Admin prod'", "https://x/"),
    "plain": ("plain", "https://x/"),
}


@pytest.mark.parametrize("text", BROWSERS)
def test_the_command_and_the_address_for_a_browser(text, env, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("google-chrome", "firefox"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o700)
    target = Facts(env).target("prod")
    found = browsers.browser(text, target, "payments", {"PATH": str(tmp_path)})
    assert (found.command, found.address("https://x/")) == BROWSERS[text]
    with pytest.raises(AwsxError, match="the browser brave cannot be found"):
        browsers.browser("brave", target, "", {"PATH": str(tmp_path)})


def test_a_page_that_leads_on_holds_the_link_as_data():
    text = opening.leading_to('https://x/?a=1&b="><script>')
    assert 'content="0; url=https://x/?a=1&amp;b=&quot;&gt;&lt;script&gt;"' in text
    assert "<script>" not in text
