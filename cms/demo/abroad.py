"""Which pages does the demo's company have in its other languages: what does a guest from abroad read first?"""

from django.conf import settings
from django.contrib.auth.models import User
from wagtail.models import Locale

from cms.demo.pages import put_into
from home.models import FormPage, HomePage

PAGES: dict[str, dict[str, dict[str, str]]] = {
    "de": {
        "harbour-lane": {
            "title": "Container, von Tür zu Kai",
            "tagline": "Wir bringen volle und Teilladungen von Ihrem Hof zum Schiff und sagen Ihnen, wo sie sind.",
            "body": "<p>Drei Lastwagen, zwei Kräne und eine Telefonnummer. Familienbetrieb seit 1987.</p>",
        },
        "contact": {
            "title": "Kontakt",
            "introduction": "<p>Schreiben Sie uns zu Ladungen oder Rechnungen. Wir antworten in einem Werktag.</p>",
            "thanks": "Danke. Ihre Nachricht ist angekommen, wir antworten binnen eines Werktags.",
        },
    },
    "fr": {
        "harbour-lane": {
            "title": "Conteneurs, de la porte au quai",
            "tagline": "Nous portons lots complets et groupages de chez vous au navire, et vous disons où ils sont.",
            "body": "<p>Trois camions, deux grues et un numéro de téléphone. En famille à Port Alder depuis 1987.</p>",
        },
        "contact": {
            "title": "Contact",
            "introduction": "<p>Écrivez-nous pour un chargement ou une facture. Nous répondons sous un jour ouvré.</p>",
            "thanks": "Merci. Votre message est arrivé, nous répondons sous un jour ouvré.",
        },
    },
    "es": {
        "harbour-lane": {
            "title": "Contenedores, de la puerta al muelle",
            "tagline": "Llevamos cargas completas y parciales de su patio al barco y le decimos dónde están.",
            "body": "<p>Tres camiones, dos grúas y un número de teléfono. Empresa familiar desde 1987.</p>",
        },
        "contact": {
            "title": "Contacto",
            "introduction": "<p>Escríbanos sobre una carga o una factura. Respondemos en un día laborable.</p>",
            "thanks": "Gracias. Hemos recibido su mensaje y responderemos en un día laborable.",
        },
    },
    "ar": {
        "harbour-lane": {
            "title": "حاويات من الباب إلى الرصيف",
            "tagline": "ننقل الحمولات الكاملة والجزئية من ساحتكم إلى السفينة، ونخبركم أين هي.",
            "body": "<p>ثلاث شاحنات ورافعتان ورقم هاتف واحد. شركة عائلية في بورت ألدر منذ عام 1987.</p>",
        },
        "contact": {
            "title": "اتصلوا بنا",
            "introduction": "<p>اكتبوا إلينا عن حمولة أو فاتورة أو وظيفة. نردّ خلال يوم عمل واحد.</p>",
            "thanks": "شكرًا. وصلت رسالتكم، وسنردّ خلال يوم عمل واحد.",
        },
    },
}


def add(home: HomePage, editor: User) -> None:
    """The home page and the way to write to us; the rest is not translated."""
    contact = FormPage.objects.get(locale=home.locale)
    for language in sorted(PAGES.keys() & dict(settings.LANGUAGES).keys()):
        locale, _new = Locale.objects.get_or_create(language_code=language)
        put_into(locale, [home, contact], PAGES[language], editor)
