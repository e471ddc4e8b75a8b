"""Mails as readers get them, in three languages: a campaign with all blocks, a notice, a question, an answer."""

import gc
import itertools
import warnings
from io import BytesIO
from typing import Any

from django.core.files.images import ImageFile
from django.core.files.storage import default_storage
from PIL import Image as Painting
from wagtail.images import get_image_model

from mailing import compose
from mailing.compose.shapes import Reader
from mailing.models import Campaign, Letter, MailingList, Subscriber, Subscription, Text
from policies.models import PolicyVersion
from tests import make

LANGUAGES = ["en", "ru", "ar"]
KINDS = ["campaign", "notice", "confirmation", "letter"]
ANA = Reader(email=make.ANA, name="Ana", list_key="news", list_name="News", at=make.NOW)

SAID: dict[str, dict[str, Any]] = {
    "en": {
        "subject": "Spring on the quay",
        "preheader": "Three new boats, and what they cost",
        "heading": "Spring on the quay",
        "text": "<p>Hello {{ name|there }},</p><p>the ice is gone, and <b>three new boats</b> lie at the pier. You can "
        'look at them <a href="/boats/">from Saturday on</a>; coffee is on us.</p><ul><li>Open from nine to six</li>'
        "<li>Children row for nothing</li></ul>",
        "alt": "Three wooden boats at a pier in the morning",
        "left": "<h2>For two</h2><p>Light enough to carry, with room for a picnic.</p>",
        "right": "<h2>For six</h2><p>With an awning, cushions and a skipper if you like.</p>",
        "after": "<h2>Why so early?</h2><p>Because the winter was mild. If it freezes again, we write to you.</p>",
        "button": "Book a boat",
    },
    "ru": {
        "subject": "Весна на причале",
        "preheader": "Три новые лодки и сколько они стоят",
        "heading": "Весна на причале",
        "text": "<p>Здравствуйте, {{ name|друзья }}!</p><p>Лёд сошёл, и у пирса стоят <b>три новые лодки</b>. "
        'Посмотреть их можно <a href="/boats/">с субботы</a>; кофе за наш счёт.</p>'
        "<ul><li>Открыто с девяти до шести</li>"
        "<li>Дети катаются бесплатно</li></ul>",
        "alt": "Три деревянные лодки у пирса утром",
        "left": "<h2>Для двоих</h2><p>Лёгкая, с местом для пикника.</p>",
        "right": "<h2>Для шестерых</h2><p>С тентом, подушками и достопримечательностями по дороге.</p>",
        "after": "<h2>Почему так рано?</h2><p>Зима была тёплой. Если снова подморозит, мы напишем.</p>",
        "button": "Заказать лодку",
    },
    "ar": {
        "subject": "الربيع على الرصيف",
        "preheader": "ثلاثة قوارب جديدة وأسعارها",
        "heading": "الربيع على الرصيف",
        "text": "<p>مرحبًا {{ name|بكم }}،</p><p>ذاب الجليد، و<b>ثلاثة قوارب جديدة</b> راسية عند الرصيف. يمكنكم رؤيتها "
        '<a href="/boats/">ابتداءً من السبت</a>، والقهوة علينا.</p><ul><li>مفتوح من التاسعة إلى السادسة</li>'
        "<li>الأطفال يجدّفون مجانًا</li></ul>",
        "alt": "ثلاثة قوارب خشبية عند الرصيف صباحًا",
        "left": "<h2>لشخصين</h2><p>خفيف، وفيه متسع لنزهة.</p>",
        "right": "<h2>لستة أشخاص</h2><p>بمظلة ووسائد، وبربّان إن شئتم.</p>",
        "after": "<h2>لماذا مبكرًا؟</h2><p>لأن الشتاء كان دافئًا. إن عاد الصقيع كتبنا إليكم.</p>",
        "button": "احجزوا قاربًا",
    },
}


def written() -> tuple[dict[tuple[str, str], str], dict[str, bytes]]:
    """The HTML of each kind of mail in each language, and the pictures they show by name."""
    news, policy = make.mailing_list(), make.policy(make.site())
    picture = _painted()
    make.revise(policy, "We keep less.", note="We keep less, and for a shorter time.", material=True)
    version = policy.versions.order_by("-number")[0]
    with warnings.catch_warnings():
        # Wagtail leaves the file of each rendition to the garbage collector, which warns.
        warnings.simplefilter("ignore", ResourceWarning)
        every = itertools.product(KINDS, LANGUAGES)
        made = {(kind, language): _made(kind, language, news, version, picture) for kind, language in every}
        gc.collect()
    files = [rendition.file.name for rendition in picture.renditions.all()]
    return made, {name.rpartition("/")[2]: default_storage.open(name).read() for name in files}


def _made(kind: str, language: str, news: MailingList, version: PolicyVersion, picture: Any) -> str:
    if kind == "campaign":
        return compose.page(_campaign(language, news, picture), language=language, reader=ANA)
    if kind == "notice":
        notice, _new = Campaign.objects.get_or_create(kind="notice", policy_version=version, title="Notice")
        return compose.page(notice, language=language, reader=ANA)
    if kind == "confirmation":
        subscriber = Subscriber(email=make.ANA, locale=language)
        asked = Subscription(pk=1, subscriber=subscriber, mailing_list=news, statement="You may write to me.")
        message = compose.confirmation(asked)
    else:
        words = "\n\n".join(["Dear Ana,", "yes, dogs may come along.\nhttps://quay.example/dogs", "Vera"])
        letter = Letter(email=make.ANA, locale=language, subject="Your question", text=words)
        message = compose.of_letter(letter, now=make.NOW).message(ANA)
    return str(message.alternatives[0][0])


def _campaign(language: str, news: MailingList, picture: Any) -> Campaign:
    said = SAID[language]
    campaign = Campaign.objects.create(title=language, mailing_list=news)
    subject, preheader = said["subject"], said["preheader"]
    text = Text(campaign=campaign, language=language, subject=subject, preheader=preheader)
    text.body = Text.body.field.stream_block.to_python(_blocks(said, picture))  # type: ignore[attr-defined]
    text.save()
    return campaign


def _blocks(said: dict[str, Any], picture: Any) -> list[dict[str, Any]]:
    image = {"image": picture.pk, "alt_text": said["alt"], "decorative": False}
    return [
        {"type": "heading", "value": said["heading"]},
        {"type": "text", "value": said["text"]},
        {"type": "image", "value": image},
        {"type": "button", "value": {"label": said["button"], "page": None, "url": "https://quay.example/book"}},
        {"type": "columns", "value": [{"image": image, "text": said[half]} for half in ("left", "right")]},
        {"type": "divider", "value": None},
        {"type": "text", "value": said["after"]},
    ]


def _painted() -> Any:
    """Something that looks like a picture."""
    light, dark = Painting.new("RGB", (1600, 900), "#9cc4cc"), Painting.new("RGB", (1600, 900), "#12545c")
    file = BytesIO()
    Painting.composite(light, dark, Painting.linear_gradient("L").resize((1600, 900))).save(file, "JPEG")
    return get_image_model().objects.create(title="Boats", file=ImageFile(BytesIO(file.getvalue()), "boats.jpg"))
