"""What may not be asked for, as rows; an installation starts with what is asked of all of them."""

import django.db.models.deletion
from django.db import migrations, models

CHILDREN = (
    "child, children, kid, kids, toddler*, infant*, preteen*, pre-teen*, underage*, under-age*, "
    "schoolgirl*, schoolboy*, little girl*, little boy*, young girl*, young boy*"
)
SEXUAL = (
    "nude*, nudity, naked*, undress*, topless, sex, sexy, sexual*, sexuali*, erotic*, porn*, "
    "nsfw, hentai, lingerie, genital*, masturbat*, orgasm*, fetish*"
)
RULES = (
    ("Children, sexualised", CHILDREN, SEXUAL, "Pictures that sexualise children are not made here."),
    (
        "Words for pictures of abused children",
        "loli, lolis, lolicon*, shotacon*, shota, shotas, child porn*, childporn*, kiddie porn*",
        "",
        "Pictures that sexualise children are not made here.",
    ),
)


def write_the_first_rules(apps, schema_editor):
    rules = apps.get_model('generator', 'PromptRule').objects.using(schema_editor.connection.alias)
    for name, words, also, message in RULES:
        rules.create(name=name, words=words, also=also, message=message)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_sensitive_pictures'),
        ('generator', '0011_kept_series_and_picture_deliveries'),
    ]

    operations = [
        migrations.CreateModel(
            name='PromptRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('words', models.TextField(blank=True, help_text='With commas or on lines of their own; fox* is also foxes. One must occur.', max_length=4000, verbose_name='words')),
                ('also', models.TextField(blank=True, help_text='Words in the same way. Empty: the ones above suffice.', max_length=4000, verbose_name='and one of these')),
                ('pattern', models.CharField(blank=True, help_text='Must be found too, if there is one; with {0,30} in place of *.', max_length=300, verbose_name='regular expression')),
                ('message', models.CharField(default='This is not painted here.', max_length=200, verbose_name='what people are told')),
                ('enabled', models.BooleanField(default=True, verbose_name='in force')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team', verbose_name='only for what this team pays for')),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.RunPython(write_the_first_rules, migrations.RunPython.noop),
    ]
