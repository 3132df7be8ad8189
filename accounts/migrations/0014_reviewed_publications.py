from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_sensitive_pictures'),
    ]

    operations = [
        migrations.AddField(
            model_name='team',
            name='reviews_publications',
            field=models.BooleanField(default=False),
        ),
    ]
