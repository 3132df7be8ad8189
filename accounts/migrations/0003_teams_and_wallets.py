"""Teams, their wallets, credits with a last day, staff and what they did."""

from importlib import import_module

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

ledger = import_module("accounts.migrations.0002_append_only_ledger")


def _on_the_audit_log(statements: dict[str, list[str]]) -> dict[str, list[str]]:
    """The ledger's triggers, on the other table that is never changed."""
    return {
        vendor: [
            line.replace("creditentry", "auditentry").replace("credit entries", "audit entries")
            for line in lines
        ]
        for vendor, lines in statements.items()
    }


GUARD = _on_the_audit_log(ledger.GUARD)
UNGUARD = _on_the_audit_log(ledger.UNGUARD)


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in GUARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNGUARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_append_only_ledger'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='AllowancePlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('amount', models.PositiveIntegerField(help_text='Credits a month.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000000)])),
                ('rolls_over', models.BooleanField(default=False, help_text='What is left keeps; otherwise it ends with the month.')),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('action', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=60)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit log',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='CreditLot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('remaining', models.BigIntegerField()),
                ('expires_at', models.DateTimeField()),
                ('ended', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='LotUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('editor', 'Editor'), ('contributor', 'Contributor'), ('viewer', 'Viewer')], max_length=12, verbose_name='role')),
                ('monthly_limit', models.PositiveIntegerField(blank=True, null=True, verbose_name='limit')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'ordering': ('joined_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='MonthlyUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('used', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('closed_at', models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='TeamInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('editor', 'Editor'), ('contributor', 'Contributor'), ('viewer', 'Viewer')], max_length=12)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('hash', models.CharField(max_length=64, unique=True)),
                ('uses', models.PositiveIntegerField(default=1)),
                ('used', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        # The tables are rebuilt on SQLite, and their triggers would go with them.
        migrations.RunPython(ledger.unguard, ledger.guard),
        migrations.RemoveConstraint(
            model_name='creditentry',
            name='entry_sign_fits_kind',
        ),
        migrations.AddField(
            model_name='apikey',
            name='budget',
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='apikey',
            name='expires_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='apikey',
            name='spent',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='creditentry',
            name='buyer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='creditentry',
            name='item',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='creditentry',
            name='key',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.apikey'),
        ),
        migrations.AddField(
            model_name='creditentry',
            name='project',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='user',
            name='queue_limit',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='running_limit',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='staff_role',
            field=models.CharField(blank=True, choices=[('', 'No staff'), ('support', 'Support: looks'), ('finance', 'Finance: grants credits'), ('moderator', 'Moderator: keeps the gallery'), ('admin', 'Administrator: everything')], default='', max_length=10, verbose_name='staff role'),
        ),
        migrations.AddField(
            model_name='user',
            name='storage_limit',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='suspended_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='suspended_reason',
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name='wallet',
            name='allowed_for',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='wallet',
            name='low_below',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='wallet',
            name='low_told_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='creditentry',
            name='kind',
            field=models.CharField(choices=[('grant', 'Grant'), ('charge', 'Charge'), ('refund', 'Refund'), ('correction', 'Correction'), ('expiry', 'Expiry')], max_length=12),
        ),
        migrations.AlterField(
            model_name='user',
            name='is_staff',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name='wallet',
            name='owner',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wallet', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(fields=['wallet', 'buyer', '-id'], name='entry_statement_of_buyer'),
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('spent__gte', 0)), name='api_key_spent_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='creditentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__lte', 0), ('kind', 'charge')), models.Q(('amount__gt', 0), ('kind__in', ['grant', 'refund'])), models.Q(('kind', 'correction'), models.Q(('amount', 0), _negated=True)), models.Q(('amount__lt', 0), ('kind', 'expiry')), _connector='OR'), name='entry_sign_fits_kind'),
        ),
        migrations.AddConstraint(
            model_name='allowanceplan',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='allowance_gives_something'),
        ),
        migrations.AddField(
            model_name='wallet',
            name='allowance',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='wallets', to='accounts.allowanceplan'),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='actor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='creditlot',
            name='grant',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='lot', to='accounts.creditentry'),
        ),
        migrations.AddField(
            model_name='creditlot',
            name='wallet',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='accounts.wallet'),
        ),
        migrations.AddField(
            model_name='lotuse',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lot_uses', to='accounts.creditentry'),
        ),
        migrations.AddField(
            model_name='lotuse',
            name='lot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='accounts.creditlot'),
        ),
        migrations.AddField(
            model_name='membership',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='monthlyuse',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='monthly_uses', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='monthlyuse',
            name='wallet',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='monthly_uses', to='accounts.wallet'),
        ),
        migrations.AddField(
            model_name='membership',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='accounts.team'),
        ),
        migrations.AddField(
            model_name='wallet',
            name='team',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wallet', to='accounts.team'),
        ),
        migrations.AddConstraint(
            model_name='wallet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('owner', None), ('team__isnull', False)), models.Q(('owner__isnull', False), ('team', None)), _connector='OR'), name='wallet_of_a_person_or_a_team'),
        ),
        migrations.AddField(
            model_name='teaminvitation',
            name='invited_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='teaminvitation',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='accounts.team'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['subject', '-id'], name='audit_of_a_subject'),
        ),
        migrations.AddIndex(
            model_name='creditlot',
            index=models.Index(condition=models.Q(('remaining__gt', 0)), fields=['wallet', 'expires_at'], name='lot_next_to_end'),
        ),
        migrations.AddConstraint(
            model_name='creditlot',
            constraint=models.CheckConstraint(condition=models.Q(('remaining__gte', 0), ('remaining__lte', models.F('amount'))), name='lot_remaining_within_amount'),
        ),
        migrations.AddConstraint(
            model_name='lotuse',
            constraint=models.UniqueConstraint(fields=('lot', 'entry'), name='lot_use_once_per_entry'),
        ),
        migrations.AddConstraint(
            model_name='lotuse',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='lot_use_takes_something'),
        ),
        migrations.AddConstraint(
            model_name='monthlyuse',
            constraint=models.UniqueConstraint(fields=('wallet', 'user', 'month'), name='use_once_a_month'),
        ),
        migrations.AddConstraint(
            model_name='monthlyuse',
            constraint=models.CheckConstraint(condition=models.Q(('used__gte', 0)), name='use_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('team', 'user'), name='membership_once'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'editor', 'contributor', 'viewer'])), name='membership_role_known'),
        ),
        migrations.AddConstraint(
            model_name='teaminvitation',
            constraint=models.CheckConstraint(condition=models.Q(('used__lte', models.F('uses')), ('uses__gt', 0)), name='team_invitation_uses'),
        ),
        migrations.AddConstraint(
            model_name='teaminvitation',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'editor', 'contributor', 'viewer'])), name='team_invitation_role_known'),
        ),
        migrations.AddConstraint(
            model_name='teaminvitation',
            constraint=models.CheckConstraint(condition=models.Q(('email', ''), ('uses', 1), _connector='OR'), name='team_invitation_to_a_person_once'),
        ),
        migrations.RunPython(ledger.guard, ledger.unguard),
        migrations.RunPython(guard, unguard),
    ]
