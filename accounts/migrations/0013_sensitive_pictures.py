from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_refusals_leave_the_ledger'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='sensitive_pictures',
            field=models.CharField(choices=[('blur', 'Blur them until I press'), ('hide', 'Leave them out'), ('show', 'Show them')], default='blur', max_length=4),
        ),
    ]
