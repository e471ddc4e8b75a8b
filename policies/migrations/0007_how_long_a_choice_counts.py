import django.core.validators
import policies.blocks.typed
import re
import wagtail.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0006_next_in_chain"),
    ]

    operations = [
        migrations.AlterField(
            model_name="policypage",
            name="body",
            field=wagtail.fields.StreamField(
                [
                    ("section", 3),
                    ("clause", 5),
                    ("subclause", 5),
                    ("text", 5),
                    ("retention", 11),
                    ("purposes", 18),
                    ("data", 20),
                    ("services", 21),
                    ("grounds", 26),
                    ("contact", 28),
                    ("definitions", 33),
                ],
                block_lookup={
                    0: ("wagtail.blocks.CharBlock", (), {"label": "Heading"}),
                    1: ("wagtail.blocks.BooleanBlock", (), {"default": True, "label": "Numbered", "required": False}),
                    2: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "The end of a link to this clause, such as #retention. Left empty, Candor makes a lasting one.",
                            "label": "Anchor",
                            "max_length": 60,
                            "required": False,
                            "validators": [
                                django.core.validators.RegexValidator(
                                    re.compile("^[-a-zA-Z0-9_]+\\Z"),
                                    "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
                                    "invalid",
                                )
                            ],
                        },
                    ),
                    3: ("wagtail.blocks.StructBlock", [[("title", 0), ("numbered", 1), ("anchor", 2)]], {}),
                    4: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {"features": ["bold", "italic", "link", "ol", "ul"], "label": "Text"},
                    ),
                    5: ("wagtail.blocks.StructBlock", [[("text", 4), ("anchor", 2)]], {}),
                    6: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": policies.blocks.typed.kept_holdings,
                            "help_text": "What is kept, or counts, this long. Without one, the clause is words alone and deletes nothing.",
                            "label": "Data set",
                            "required": False,
                        },
                    ),
                    7: ("wagtail.blocks.IntegerBlock", (), {"label": "Kept for", "max_value": 999, "min_value": 1}),
                    8: ("wagtail.blocks.ChoiceBlock", [], {"choices": policies.blocks.typed.units, "label": "Unit"}),
                    9: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {"choices": policies.blocks.typed.ends, "label": "What then"},
                    ),
                    10: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": ["bold", "italic", "link", "ol", "ul"],
                            "help_text": "Left empty, Candor writes the sentence. {period} stands for the period.",
                            "label": "Words",
                            "required": False,
                        },
                    ),
                    11: (
                        "wagtail.blocks.StructBlock",
                        [[("holding", 6), ("number", 7), ("unit", 8), ("then", 9), ("text", 10), ("anchor", 2)]],
                        {},
                    ),
                    12: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": ["bold", "italic", "link", "ol", "ul"],
                            "help_text": "Stands above. Left empty, Candor writes a sentence.",
                            "label": "Words",
                            "required": False,
                        },
                    ),
                    13: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {"choices": policies.blocks.typed.purposes, "label": "Purpose"},
                    ),
                    14: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Left empty, the purpose's own name.",
                            "label": "In your words",
                            "max_length": 500,
                            "required": False,
                        },
                    ),
                    15: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {"choices": policies.blocks.typed.bases, "label": "Legal basis", "required": False},
                    ),
                    16: ("wagtail.blocks.StructBlock", [[("purpose", 13), ("words", 14), ("basis", 15)]], {}),
                    17: ("wagtail.blocks.ListBlock", (16,), {"label": "Purposes", "min_num": 1}),
                    18: ("wagtail.blocks.StructBlock", [[("text", 12), ("items", 17), ("anchor", 2)]], {}),
                    19: (
                        "wagtail.blocks.MultipleChoiceBlock",
                        [],
                        {
                            "choices": policies.blocks.typed.subjects,
                            "help_text": "The table is written from the data map when the version is frozen.",
                            "label": "Whose data",
                        },
                    ),
                    20: ("wagtail.blocks.StructBlock", [[("text", 12), ("subjects", 19), ("anchor", 2)]], {}),
                    21: ("wagtail.blocks.StructBlock", [[("text", 12), ("anchor", 2)]], {}),
                    22: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {"choices": policies.blocks.typed.grounds, "label": "Ground"},
                    ),
                    23: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Left empty, the ground's own name.",
                            "label": "In your words",
                            "max_length": 500,
                            "required": False,
                        },
                    ),
                    24: ("wagtail.blocks.StructBlock", [[("ground", 22), ("words", 23)]], {}),
                    25: ("wagtail.blocks.ListBlock", (24,), {"label": "Grounds", "min_num": 1}),
                    26: ("wagtail.blocks.StructBlock", [[("text", 12), ("items", 25), ("anchor", 2)]], {}),
                    27: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": ["bold", "italic", "link", "ol", "ul"],
                            "help_text": "Left empty, Candor writes it from Settings › Site owner. {owner}, {email}, {phone} stand for it.",
                            "label": "Words",
                            "required": False,
                        },
                    ),
                    28: ("wagtail.blocks.StructBlock", [[("text", 27), ("anchor", 2)]], {}),
                    29: ("wagtail.blocks.CharBlock", (), {"label": "Term", "max_length": 100}),
                    30: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {"features": ["bold", "italic", "link"], "label": "Meaning"},
                    ),
                    31: ("wagtail.blocks.StructBlock", [[("term", 29), ("meaning", 30)]], {}),
                    32: ("wagtail.blocks.ListBlock", (31,), {"label": "Definitions", "min_num": 1}),
                    33: ("wagtail.blocks.StructBlock", [[("text", 12), ("items", 32), ("anchor", 2)]], {}),
                },
                verbose_name="clauses",
            ),
        ),
    ]
