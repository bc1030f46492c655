"""S3's ListBuckets: the names of two buckets tell which account answers."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone

from awsx.demo.center.access_keys import EXPIRED, MISSING, UNKNOWN, AccessKeys
from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.organisation import Organisation
from awsx.demo.center.request import Request
from awsx.demo.center.response import Response, xml, xml_response
from awsx.demo.center.service import AwsError, Handler

NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
BUCKETS = ("artifacts", "logs")
# S3's names for errors that STS names otherwise.
ERROR_CODES = {UNKNOWN: "InvalidAccessKeyId", MISSING: "AccessDenied"}


class S3:
    def __init__(self, organisation: Organisation, behaviour: Behaviour, keys: AccessKeys) -> None:
        self._organisation = organisation
        self._behaviour = behaviour
        self._keys = keys
        self.operations: dict[str, Handler] = {"ListBuckets": self.list_buckets}

    def list_buckets(self, request: Request) -> Response:
        caller = self._keys.caller(request).principal
        account = self._organisation.account_by_id(caller.account_id)
        name = account.name if account else "nobody"
        today = datetime.fromtimestamp(self._behaviour.now(), timezone.utc)
        created = today.strftime("%Y-%m-%dT00:00:00.000Z")
        buckets = [xml("Bucket", Name=f"{name}-{what}", CreationDate=created) for what in BUCKETS]
        owner = xml("Owner", ID=uuid.uuid5(uuid.NAMESPACE_DNS, name).hex)
        result = xml(f"ListAllMyBucketsResult {NAMESPACE}", owner, xml("Buckets", *buckets))
        return xml_response(result)

    @staticmethod
    def spell(error: AwsError) -> Response:
        code = ERROR_CODES.get(error.code, error.code)
        status = 400 if error.code == EXPIRED else error.status
        request_id = uuid.uuid4().hex[:16].upper()
        text = xml("Error", Code=code, Message=error.message, RequestId=request_id)
        return xml_response(text, status)
