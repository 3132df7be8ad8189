"""Who rated a picture becomes known, and what is unrated is no longer shown to everybody.

What was public before stays public: it counts as safe by "upgrade", which the moderation queue
lists and `manage.py rate_pictures` looks at (docs/operating.md).
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

RATINGS = [('unrated', 'Not rated'), ('safe', 'Safe'), ('sensitive', 'Sensitive')]
SOURCES = [('', 'Nobody'), ('engine', 'The engine that made it'), ('classifier', 'A classifier'), ('upgrade', 'Public before pictures were rated'), ('owner', 'Its owner'), ('moderator', 'A moderator')]


def name_the_sources(apps, schema_editor):
    assets = apps.get_model('gallery', 'Asset').objects.using(schema_editor.connection.alias)
    assets.exclude(machine_rating='unrated').update(machine_source='engine')
    assets.filter(machine_rating='unrated', visibility='public').update(
        machine_rating='safe',
        machine_source='upgrade',
        machine_reason='It was public before pictures were rated; nobody has looked at it.',
    )


class Migration(migrations.Migration):

    dependencies = [
        ('gallery', '0006_stacks_of_before'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name='asset', name='asset_public_newest'),
        migrations.RenameField('asset', 'rating', 'machine_rating'),
        migrations.AddField(
            model_name='asset',
            name='machine_source',
            field=models.CharField(blank=True, choices=SOURCES, default='', max_length=10),
        ),
        migrations.AddField(
            model_name='asset',
            name='machine_reason',
            field=models.CharField(blank=True, default='', max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='asset',
            name='owner_sensitive',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='asset',
            name='moderator_rating',
            field=models.CharField(blank=True, choices=[('safe', 'Safe'), ('sensitive', 'Sensitive')], default='', max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='asset',
            name='moderator_reason',
            field=models.CharField(blank=True, default='', max_length=300),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='asset',
            name='held',
            field=models.CharField(blank=True, choices=[('', 'Not held'), ('reports', 'Reported, until a moderator has looked'), ('moderator', 'Taken out of the public by a moderator')], default='', max_length=10),
        ),
        migrations.AddField(
            model_name='asset',
            name='rating',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('moderator_rating', ''), _negated=True), then=models.F('moderator_rating')), models.When(owner_sensitive=True, then=models.Value('sensitive')), default=models.F('machine_rating'), output_field=models.CharField(max_length=10)), output_field=models.CharField(max_length=10)),
        ),
        migrations.AddField(
            model_name='asset',
            name='listed',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('held', ''), ('visibility', 'public'), models.Q(models.Q(('moderator_rating', ''), _negated=True), ('owner_sensitive', True), models.Q(('machine_rating', 'unrated'), _negated=True), _connector='OR')), then=models.Value(True)), default=models.Value(False), output_field=models.BooleanField()), output_field=models.BooleanField()),  # noqa: FBT003
        ),
        migrations.AddIndex(
            model_name='asset',
            index=models.Index(condition=models.Q(('deleted_at', None), ('listed', True)), fields=['-created_at', '-id'], name='asset_public_newest'),
        ),
        migrations.AddIndex(
            model_name='asset',
            index=models.Index(condition=models.Q(('deleted_at', None), ('listed', True), ('rating', 'safe')), fields=['-created_at', '-id'], name='asset_open_newest'),
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(max_length=1000)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('answered_at', models.DateTimeField(null=True)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='gallery.asset')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('asset',), name='appeal_one_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('unmarked', 'It should be marked as sensitive'), ('minor', 'It sexualises a child'), ('person', 'It shows a real person, who does not want that'), ('hate', 'It incites hatred or violence'), ('rights', 'It violates somebody’s rights to a work or a name'), ('illegal', 'It is illegal in another way'), ('other', 'Something else')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('closed_at', models.DateTimeField(null=True)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='gallery.asset')),
                ('reporter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['made_at'], name='report_open_oldest')],
                'constraints': [models.UniqueConstraint(fields=('asset', 'reporter'), name='report_once_per_person')],
            },
        ),
        migrations.RunPython(name_the_sources, migrations.RunPython.noop, elidable=False),
    ]
