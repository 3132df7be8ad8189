from django.apps import AppConfig
from django.core import checks


class GalleryConfig(AppConfig):
    name = "gallery"

    def ready(self) -> None:
        """Have the settings of signing checked at every start."""
        from gallery import signing

        checks.register(signing.check_configuration, signing.CHECKED)
