"""What makes the demo's site a company's own: its look, pictures, sections of pages, and news."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from wagtail.images.models import Image
from wagtail.models import Locale, Site
from wagtail.rich_text import RichText

from cms.demo import pictures, texts
from home.models import Appearance, ArticleIndexPage, ArticlePage, HomePage, StandardPage

Images = dict[str, Image]


def add(now: datetime) -> None:
    """On pages that are there, and with their frames already."""
    drawn = _draw()
    site = Site.objects.get(is_default_site=True)
    Appearance.objects.create(site=site, logo=drawn["logo"], share_image=drawn["harbour"])
    english = HomePage.objects.get(locale=Locale.get_default())
    editor = english.owner
    news = _news(english, drawn, editor, now)
    for home in HomePage.objects.all():
        _front(home, drawn, editor)
    russian = Locale.objects.filter(language_code="ru").first()
    if russian:
        _translated(news, russian, editor)
    _services(drawn)


def _draw() -> Images:
    made = {}
    for name, (shows, draw) in pictures.PICTURES.items():
        file = ContentFile(draw(), name=f"{name}.jpg")
        made[name] = Image.objects.create(title=name.capitalize(), description=shows, file=file)
    file = ContentFile(pictures.logo(), name="harbour-lane.png")
    made["logo"] = Image.objects.create(title="Logo", description="Harbour Lane", file=file)
    return made


def _news(home: HomePage, drawn: Images, editor: User, now: datetime) -> ArticleIndexPage:
    index = ArticleIndexPage(**texts.INDEX["en"], slug="news", owner=editor, show_in_menus=True)
    home.add_child(instance=index)
    index.save_revision(user=editor).publish(user=editor)
    for slug, (days, picture, _topics) in texts.ARTICLES.items():
        words = texts.WORDS["en"][slug]
        page = ArticlePage(
            title=words["title"],
            slug=slug,
            introduction=words["introduction"],
            date=(now - timedelta(days=days)).date(),
            picture=drawn[picture],
            body=_body(words["body"]),
            owner=editor,
        )
        index.add_child(instance=page)
        _say_topics(page, "en")
        page.save_revision(user=editor).publish(user=editor)
    return index


def _say_topics(page: ArticlePage, language: str) -> None:
    page.topics.set(texts.TOPICS[language][topic] for topic in texts.ARTICLES[page.slug][2])


def _translated(index: ArticleIndexPage, locale: Locale, editor: User) -> None:
    articles = ArticlePage.objects.child_of(index).order_by("pk")
    copy = index.copy_for_translation(locale)
    for name, text in texts.INDEX[locale.language_code].items():
        setattr(copy, name, text)
    copy.save_revision(user=editor).publish(user=editor)
    for article in articles:
        page = article.copy_for_translation(locale)
        words = texts.WORDS[locale.language_code][article.slug]
        page.title, page.introduction = words["title"], words["introduction"]
        page.body = _body(words["body"])
        _say_topics(page, locale.language_code)
        page.save_revision(user=editor).publish(user=editor)


def _body(parts: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(kind, RichText(value) if kind == "text" else _rich(value)) for kind, value in parts]


def _rich(value: Any) -> Any:
    """Words of a block that stand in HTML become what its editor would have made."""
    if isinstance(value, dict):
        return {
            name: RichText(text) if name in {"text", "answer"} and "<p>" in text else _rich(text)
            for name, text in value.items()
        }
    return [_rich(each) for each in value] if isinstance(value, list) else value


def _front(home: HomePage, drawn: Images, editor: User) -> None:
    language = home.locale.language_code
    home.picture = drawn["harbour"]
    home.link_page = home.get_children().filter(slug="contact").first()
    home.link_label = texts.WRITE.get(language, "")
    home.sections = _body(texts.FRONT.get(language, []))
    home.save_revision(user=editor).publish(user=editor)


def _services(drawn: Images) -> None:
    for page in StandardPage.objects.filter(slug="services"):
        language = page.locale.language_code
        shown = drawn["yard"]
        shown.contextual_alt_text, shown.decorative = texts.YARD[language], False
        picture = {"picture": shown, "caption": texts.CAPTION[language], "width": "wide"}
        frames = [(block.block_type, block.value) for block in page.sections]
        page.sections = [("picture", picture), *_body(texts.ABOUT_SERVICES[language]), *frames]
        page.save_revision(user=page.owner).publish()
