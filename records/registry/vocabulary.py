"""W3C Data Privacy Vocabulary 2 terms behind short names: the words the data map is written in.

`dpv:` is https://w3id.org/dpv#, `pd:` its personal-data extension, `eu-gdpr:` its extension for the GDPR.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Category(TextChoices):
    ACCOUNT = "pd:Username", _("user name")
    ADDRESS = "pd:IPAddress", _("truncated network address")
    AUTHENTICATION = "pd:AuthenticationHistory", _("record of signing in")
    BEHAVIOUR = "pd:Behavioral", _("record of what the person did")
    CONSENT = "pd:PrivacyPreference", _("privacy choice")
    DEVICE = "pd:DeviceBased", _("device and screen")
    EMAIL = "pd:EmailAddress", _("e-mail address")
    LANGUAGE = "pd:Language", _("language")
    LOCATION = "pd:Location", _("place")
    MESSAGE = "pd:Communication", _("message")
    METADATA = "pd:CommunicationsMetadata", _("record of messages sent")
    NAME = "pd:Name", _("name")
    PASSWORD = "pd:Password", _("password hash")
    PHONE = "pd:TelephoneNumber", _("telephone number")
    PICTURE = "pd:Picture", _("picture")
    PREFERENCE = "pd:Preference", _("preference")
    PSEUDONYM = "dpv:PseudonymisedData", _("pseudonym that lasts a day")
    SOFTWARE = "pd:DeviceSoftware", _("browser and operating system")


class Purpose(TextChoices):
    ADMINISTRATION = "dpv:RecordManagement", _("keeping records of what was changed and when")
    ADVERTISING = "dpv:Advertising", _("showing advertising, and counting what it leads to")
    AUTHENTICATION = "dpv:IdentityAuthentication", _("signing in to the CMS")
    COMMUNICATION = "dpv:CommunicationForCustomerCare", _("handling requests and answering them")
    LEGAL = "dpv:LegalCompliance", _("proving that the law was followed")
    MEASUREMENT = "dpv:ServiceUsageAnalytics", _("learning how the site is used")
    PAYMENT = "dpv:PaymentManagement", _("taking payments")
    PERSONALISATION = "dpv:ServicePersonalisation", _("fitting the site to the visitor")
    PROMOTION = "dpv:DirectMarketing", _("promotional and information mail")
    SECURITY = "dpv:MisusePreventionAndDetection", _("keeping out misuse and fraud")
    SERVICE = "dpv:ServiceProvision", _("running the site")
    TARGETING = "dpv:TargetedAdvertising", _("choosing advertising by what the visitor did")


class Observed(TextChoices):
    """What a third party's software may learn from a visitor's browser. `dpv` names the same in the vocabulary."""

    ADDRESS = "address", _("IP address")
    BEHAVIOUR = "behaviour", _("what the visitor does on the page")
    BROWSER = "browser", _("browser: type and version")
    CONTACT = "contact", _("name and contact data that the visitor types")
    COOKIES = "cookies", _("cookies and other storage in the browser")
    DEVICE = "device", _("device")
    LOCATION = "location", _("where the visitor is")
    MESSAGE = "message", _("messages that the visitor writes")
    PAGE = "page", _("page that is read")
    PAYMENT = "payment", _("payment data")
    REFERRER = "referrer", _("page the visitor came from")
    SCREEN = "screen", _("size of the screen")
    SYSTEM = "system", _("operating system: type and version")
    TIME = "time", _("time of the request")

    @property
    def dpv(self) -> str:
        return _OBSERVED[self]


_OBSERVED = {
    Observed.ADDRESS: "pd:IPAddress",
    Observed.BEHAVIOUR: "pd:Behavioral",
    Observed.BROWSER: "pd:DeviceSoftware",
    Observed.CONTACT: "pd:Contact",
    Observed.COOKIES: "pd:Identifying",
    Observed.DEVICE: "pd:DeviceBased",
    Observed.LOCATION: "pd:Location",
    Observed.MESSAGE: "pd:Communication",
    Observed.PAGE: "pd:BrowsingBehavior",
    Observed.PAYMENT: "pd:FinancialAccount",
    Observed.REFERRER: "pd:BrowsingReferral",
    Observed.SCREEN: "pd:DeviceBased",
    Observed.SYSTEM: "pd:DeviceOperatingSystem",
    Observed.TIME: "pd:CommunicationsMetadata",
}


class Basis(TextChoices):
    """GDPR Article 6(1), by letter."""

    CONSENT = "eu-gdpr:A6-1-a", _("consent")
    CONTRACT = "eu-gdpr:A6-1-b", _("contract, or steps before one at the person's request")
    OBLIGATION = "eu-gdpr:A6-1-c", _("legal obligation")
    INTEREST = "eu-gdpr:A6-1-f", _("legitimate interest")


class Subject(TextChoices):
    STAFF = "dpv:Employee", _("people who work in the CMS")
    SUBSCRIBER = "dpv:Subscriber", _("subscribers")
    VISITOR = "dpv:Visitor", _("visitors")


class Receiver(TextChoices):
    """Who receives data beside the owner, by what they do for the site; a Recipient in the CMS says which company."""

    HOSTING = "hosting", _("whoever runs the machines of this site")
    MAIL = "mail", _("the provider that carries mail")
    CARRIER = "carrier", _("carriers and forwarders")
    ADVISER = "adviser", _("lawyers, auditors and tax advisers")
    AUTHORITY = "authority", _("courts and state bodies")
    PUBLIC = "public", _("everybody: it is shown on a public page")
    OTHER = "other", _("others")

    @property
    def dpv(self) -> str:
        return _RECEIVERS[self]


_RECEIVERS = {
    Receiver.HOSTING: "dpv:DataProcessor",
    Receiver.MAIL: "dpv:DataProcessor",
    Receiver.CARRIER: "dpv:ThirdParty",
    Receiver.ADVISER: "dpv:ThirdParty",
    Receiver.AUTHORITY: "dpv:Authority",
    Receiver.PUBLIC: "dpv:Public",
    Receiver.OTHER: "dpv:ThirdParty",
}


class Measure(TextChoices):
    """What protects all data of this site, technically and by organisation (GDPR Art. 32)."""

    ENCRYPTION = "dpv:EncryptionAtRest", _("what people write is sealed with a key for each person")
    TRANSFER = "dpv:EncryptionInTransfer", _("pages and mail travel encrypted")
    PSEUDONYMS = "dpv:Pseudonymisation", _("visitors are logged under pseudonyms that last a day, with cut addresses")
    ACCESS = "dpv:AccessControlMethod", _("each role in the CMS reads what its work needs")
    MONITORING = "dpv:ActivityMonitoring", _("each reading of personal data in the CMS is logged")
    DELETION = (
        "dpv:DataDeletionPolicy",
        _("rows go by themselves at the instant the policy says, with evidence of each run"),
    )
    INTEGRITY = "dpv:CryptographicMethods", _("consents, versions and disclosures are chained by hashes")


class OnErase(TextChoices):
    """What becomes of a person's rows when they are erased."""

    DELETE = "delete", _("the rows are deleted")
    BLANK = "blank", _("what tells about the person is blanked, the rest stays")
    KEEP = "keep", _("the rows stay")


class Source(TextChoices):
    FORM = "form", _("given in a form")
    AUTOMATIC = "automatic", _("recorded by the site")


class Ground(TextChoices):
    """On what a policy may let data reach a third party. Nothing is disclosed on a ground the version in force does
    not list."""

    CONSENT = "consent", _("the person agreed to it, or set their software to allow it")
    FUNCTION = "function", _("a function of the site that the person uses needs it")
    PURPOSE = "purpose", _("a purpose stated in this policy needs it")
    SUCCESSION = "succession", _("the site passes to a new owner, who takes over this policy")
    AUTHORITY = "authority", _("a court or a state body asks for it in a procedure set by law")
    DEFENCE = "defence", _("the owner's rights have to be protected after a breach of this policy")


class Then(TextChoices):
    """What becomes of a row when its period ends; of a choice that only counts for so long, that it is made anew."""

    DELETE = "delete", _("it is deleted")
    ASK = "ask", _("it is asked for again")
