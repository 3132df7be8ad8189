import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_reviewed_publications'),
        ('gallery', '0007_ratings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicationRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('approved', 'Approved'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='waiting', max_length=9)),
                ('decided_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='publication_requests', to='gallery.asset')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['team', 'asked_at', 'id'], name='publication_waiting_oldest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('asset', 'team'), name='publication_waits_once'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'approved', 'declined', 'withdrawn'])), name='publication_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('person', 'A person'), ('link', 'A link')], max_length=6)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('made_at', models.DateTimeField()),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('may_edit', models.BooleanField(default=False)),
                ('shows_prompt', models.BooleanField(default=True)),
                ('password', models.CharField(blank=True, max_length=128)),
                ('views', models.PositiveIntegerField(default=0)),
                ('expires_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='direct_shares', to='gallery.asset')),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('person__isnull', False)), fields=['person', '-made_at', '-asset'], name='share_with_person_newest'), models.Index(condition=models.Q(('revoked_at', None)), fields=['made_by', '-created_at', '-id'], name='share_of_owner_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('asset', 'person'), name='share_once_per_person'), models.UniqueConstraint(condition=models.Q(('email', ''), _negated=True), fields=('asset', 'email'), name='share_once_per_address'), models.CheckConstraint(condition=models.Q(models.Q(('email', ''), ('kind', 'link'), ('may_edit', False), ('person', None)), models.Q(('email', ''), ('kind', 'person'), ('password', ''), ('person__isnull', False)), models.Q(('kind', 'person'), ('password', ''), ('person', None), models.Q(('email', ''), _negated=True)), _connector='OR'), name='share_with_a_person_or_by_link')],
            },
        ),
    ]
