"""One module per provider: pure translation between the contract and its wire API.

A new provider is one more module and one more line here. `docs/engines.md` says how to
connect each.
"""

from generator.engines.remote.adapters.a1111 import A1111
from generator.engines.remote.adapters.aithriving import AIThriving
from generator.engines.remote.adapters.goneural import GoNeural
from generator.engines.remote.adapters.horde import Horde
from generator.engines.remote.adapters.modelslab import ModelsLab
from generator.engines.remote.adapters.openai import OpenAI
from generator.engines.remote.adapters.picfinder import PicFinder
from generator.engines.remote.adapters.stubber import Stubber
from generator.engines.remote.wire import Adapter

#: What `provider` may say in the options of a model.
ADAPTERS: dict[str, Adapter] = {
    adapter.name: adapter
    for adapter in (
        OpenAI(),
        A1111(),
        Horde(),
        GoNeural(),
        PicFinder(),
        Stubber(),
        AIThriving(),
        ModelsLab(),
    )
}
