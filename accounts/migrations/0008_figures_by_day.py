"""An index that the overview's figures are read from. It rebuilds no table."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_kept_pictures'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='creditentry',
            index=models.Index(fields=['kind', 'created_at', 'amount'], name='entry_by_day'),
        ),
    ]
