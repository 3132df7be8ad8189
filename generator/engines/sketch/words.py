"""What the painter knows by name. Each kind lists the words that mean it.

Plain singular words; `reading` strips suffixes. A word with underscores is a phrase.
"""

from __future__ import annotations

LAND = {
    "mountain": "mountain alps peak summit himalaya andes ridge highland everest fuji matterhorn",
    "hill": "hill countryside rolling knoll pasture farmland tuscany shire landscape scenery",
    "valley": "valley vale glen fjord",
    "desert": "desert sahara gobi wasteland dune sand arid",
    "canyon": "canyon mesa butte gorge badland grand_canyon",
    "cliff": "cliff bluff crag precipice rocky_coast coast coastline",
    "volcano": "volcano eruption lava magma",
    "island": "island isle atoll archipelago islet",
    "beach": "beach shore seaside lagoon sandbank",
    "sea": "sea ocean wave maritime pacific atlantic mediterranean marine harbor harbour bay",
    "lake": "lake pond loch mere reservoir lakeside tarn",
    "river": "river stream brook creek waterway canal",
    "waterfall": "waterfall cascade falls",
    "road": "road path highway lane trail route track driveway",
    "meadow": "meadow grass grassland prairie lawn savanna savannah field park garden plain steppe",
    "forest": "forest wood woodland grove jungle rainforest thicket orchard",
    "snow": "snow snowy winter_wonderland snowscape blizzard snowfall tundra",
    "ice": "ice iceberg glacier arctic antarctic antarctica polar frozen icy",
    "city": "city skyline skyscraper downtown metropolis cityscape urban building manhattan tokyo "
    "new_york cyberpunk",
    "street": "street avenue alley boulevard crosswalk",
    "village": "village town hamlet settlement",
    "underwater": "underwater reef coral seabed undersea aquarium mermaid under_the_sea "
    "under_water sea_floor seafloor",
}
SKY = {
    "sun": "sun sunshine",
    "moon": "moon moonlight moonlit full_moon",
    "crescent": "crescent crescent_moon new_moon half_moon",
    "stars": "star starry starlight starfield constellation",
    "milkyway": "galaxy nebula cosmos universe milky_way interstellar",
    "aurora": "aurora northern_light northern_lights aurora_borealis polar_light polar_lights",
    "planet": "planet earth saturn jupiter mars venus exoplanet",
    "rings": "ring ringed",
    "space": "space outer_space orbit cosmic deep_space",
    "cloud": "cloud cloudy cumulus cirrus sky_of_cloud cloudscape",
    "rainbow": "rainbow",
    "lightning": "lightning thunder thunderbolt thunderstorm",
    "rain": "rain rainy drizzle downpour shower monsoon wet",
    "fog": "fog mist foggy misty haze hazy smog",
    "storm": "storm stormy tempest hurricane typhoon",
    "sky": "sky heaven",
    "birds": "bird seagull gull geese swallow flock crow",
    "fireworks": "firework fireworks",
    "meteor": "meteor comet shooting_star asteroid",
}
TREES = {
    "tree": "tree oak maple elm beech willow bush birch woodland_tree",
    "pine": "pine fir spruce conifer evergreen cedar christmas_tree pinewood taiga",
    "palm": "palm coconut tropical tropic",
    "cherry": "cherry sakura blossom cherry_blossom cherry_tree",
    "cactus": "cactus cacti saguaro",
}
FLOWERS = {
    "flower": "flower wildflower floral bloom",
    "rose": "rose",
    "tulip": "tulip",
    "sunflower": "sunflower",
    "daisy": "daisy daisies chamomile",
    "poppy": "poppy poppies",
    "lavender": "lavender lilac",
}
PROPS = {
    "house": "house home cottage farmhouse villa hut",
    "cabin": "cabin lodge chalet shack shed treehouse tree_house",
    "shop": "shop store cafe bakery restaurant diner coffee_shop coffee_house book_shop bookstore "
    "bistro pizzeria market pub",
    "barn": "barn stable farm",
    "castle": "castle palace fortress citadel kingdom",
    "eiffel": "eiffel eiffel_tower paris",
    "tower": "tower turret obelisk watchtower spire",
    "lighthouse": "lighthouse beacon",
    "windmill": "windmill mill",
    "church": "church chapel cathedral monastery steeple",
    "temple": "temple parthenon pantheon acropolis shrine ruin",
    "pagoda": "pagoda dojo",
    "torii": "torii torii_gate",
    "pyramid": "pyramid giza",
    "bridge": "bridge viaduct aqueduct golden_gate gate_bridge golden_gate_bridge",
    "tent": "tent camp campsite camping tipi teepee",
    "campfire": "campfire bonfire fire flame",
    "boat": "boat sailboat yacht sail sailing_boat sailing dinghy",
    "ship": "ship galleon vessel frigate pirate pirate_ship ferry cruise",
    "car": "car automobile taxi sedan vehicle truck van bus convertible",
    "bicycle": "bicycle bike cycle",
    "motorcycle": "motorcycle motorbike scooter moped vespa",
    "train": "train locomotive railway steam_engine tram",
    "plane": "plane airplane aeroplane aircraft jet",
    "balloon": "balloon hot_air_balloon hot_air",
    "rocket": "rocket spaceship spacecraft shuttle starship space_ship",
    "ufo": "ufo flying_saucer saucer alien_ship",
    "snowman": "snowman",
    "rock": "rock boulder cairn stonehenge",
    "fence": "fence gate",
    "lantern": "lantern streetlight street_lamp lamp_post lamppost",
    "umbrella": "umbrella parasol",
    "ball": "ball football soccer basketball",
    "person": "person wanderer hiker traveler traveller monk figure pilgrim explorer silhouette "
    "people human someone fisherman farmer child kid ninja detective tourist",
    "wizard": "wizard sorcerer mage witch warlock gandalf",
    "knight": "knight paladin warrior crusader",
    "samurai": "samurai shogun ronin",
    "alien": "alien extraterrestrial martian",
    "santa": "santa santa_claus father_christmas",
    "astronaut": "astronaut cosmonaut spaceman",
}
ANIMALS = {
    "fox": "fox vixen",
    "cat": "cat kitten kitty feline",
    "dog": "dog puppy hound corgi retriever shiba",
    "wolf": "wolf wolves husky coyote",
    "rabbit": "rabbit bunny hare",
    "bear": "bear grizzly teddy teddy_bear polar_bear",
    "panda": "panda",
    "lion": "lion",
    "tiger": "tiger",
    "mouse": "mouse mice hamster rat",
    "pig": "pig piglet",
    "cow": "cow bull ox",
    "deer": "deer stag reindeer fawn elk moose",
    "sheep": "sheep lamb",
    "horse": "horse pony stallion mare",
    "unicorn": "unicorn",
    "elephant": "elephant mammoth",
    "owl": "owl",
    "penguin": "penguin",
    "songbird": "robin sparrow songbird parrot bluebird canary hummingbird finch",
    "duck": "duck duckling swan goose",
    "fish": "fish goldfish salmon koi",
    "whale": "whale orca dolphin",
    "turtle": "turtle tortoise",
    "frog": "frog toad",
    "butterfly": "butterfly moth",
    "dinosaur": "dinosaur t_rex dino tyrannosaurus",
    "dragon": "dragon wyvern drake wyrm",
    "monkey": "monkey ape chimpanzee gorilla orangutan",
    "giraffe": "giraffe",
    "octopus": "octopus squid kraken jellyfish",
    "mermaid": "mermaid siren",
    "snake": "snake serpent cobra python",
    "shark": "shark",
    "eagle": "eagle hawk falcon phoenix raven",
    "camel": "camel dromedary llama alpaca",
    "ghost": "ghost phantom spirit spectre specter",
}
FIGURES = {
    "robot": "robot android droid mech automaton",
    "portrait": "portrait face headshot woman girl lady man boy gentleman queen king princess "
    "prince beauty model selfie sailor captain grandfather grandmother grandma grandpa elder "
    "mona_lisa",
}
STILL = {
    "cup": "cup coffee tea mug cappuccino espresso latte",
    "apple": "apple fruit",
    "orange_fruit": "tangerine mandarin clementine",
    "vase": "vase",
    "bouquet": "bouquet bunch_of_flower",
    "mushroom": "mushroom toadstool fungus",
    "pumpkin": "pumpkin halloween",
    "cake": "cake birthday cupcake dessert",
    "book": "book tome",
    "candle": "candle candlelight",
    "guitar": "guitar ukulele violin",
    "teapot": "teapot kettle",
    "bottle": "bottle wine potion",
    "crystal": "crystal diamond gem gemstone jewel",
    "heart": "heart love",
    "crown": "crown tiara",
    "chair": "chair armchair throne",
    "lamp": "lamp",
    "clock": "clock watch",
    "gift": "gift present",
    "skull": "skull",
    "bulb": "bulb lightbulb light_bulb",
    "bowl": "bowl ramen noodle soup salad pho stew curry",
    "pizza": "pizza margherita",
    "burger": "burger hamburger cheeseburger sandwich",
    "sushi": "sushi sashimi nigiri maki",
    "bread": "bread loaf baguette croissant toast",
    "icecream": "ice_cream icecream gelato sundae ice_cream_cone",
    "donut": "donut doughnut",
    "banana": "banana",
    "strawberry": "strawberry strawberries raspberry",
    "door": "door doorway",
    "computer": "computer laptop hacker programmer keyboard monitor desktop",
    "fireplace": "fireplace hearth",
    "bookshelf": "bookshelf bookcase library bookshelves",
}
TIMES = {
    "dawn": "dawn sunrise daybreak aurora_hour",
    "morning": "morning",
    "day": "day noon midday daylight daytime afternoon sunny summer_day bright",
    "sunset": "sunset golden_hour evening sundown golden_light",
    "dusk": "dusk twilight blue_hour gloaming",
    "night": "night midnight nighttime nocturnal",
}
SEASONS = {
    "autumn": "autumn fall autumnal october harvest",
    "winter": "winter wintry december",
    "spring": "spring springtime april",
    "summer": "summer july",
}
MOODS = {
    "calm": "calm serene peaceful tranquil still quiet gentle",
    "dark": "dark moody gloomy ominous sinister dramatic eerie spooky scary haunted gothic",
    "vivid": "vivid vibrant colorful colourful saturated psychedelic neon",
    "pastel": "pastel soft muted faded pale",
    "mono": "monochrome black_and_white grayscale greyscale noir sepia_tone b&w",
    "warm": "warm cozy cosy",
    "cold": "cold cool chilly",
    "clear": "clear cloudless",
    "old": "old elderly aged",
    "abstract": "abstract fluid marbled geometric surreal pattern texture",
}
# words of a prompt that name a kind of picture, where no style was chosen
STYLED = {
    "isometric": "isometric diorama",
    "pixel-art": "pixel_art pixelart pixelated 8_bit 16_bit 8bit 16bit voxel",
    "line-art": "line_art lineart line_drawing ink_drawing pencil_drawing pencil_sketch "
    "coloring_page colouring_page black_ink",
    "low-poly": "low_poly lowpoly polygonal",
    "origami": "origami papercraft paper_craft paper_art",
    "modeling-compound": "clay claymation plasticine play_doh",
    "3d-model": "3d_render 3d_model 3d_rendering octane_render blender",
    "anime": "anime manga ghibli",
    "comic-book": "comic comic_book graphic_novel pop_art",
    "neon-punk": "neon_punk synthwave vaporwave neon_sign",
    "photographic": "photo photograph photography photorealistic photorealism dslr bokeh",
    "analog-film": "polaroid analog_film 35mm_film vintage_photo",
    "cinematic": "cinematic film_still movie_still",
    "fantasy-art": "fantasy_art oil_painting",
    "digital-art": "van_gogh impressionist impressionism digital_art concept_art digital_painting",
    "tile-texture": "seamless_pattern seamless_texture tileable seamless wallpaper_pattern",
}
COLORS = {
    "red": "d8242a", "crimson": "c0152f", "scarlet": "e0301e", "orange": "f0801c",
    "amber": "f0a020", "yellow": "f2cc20", "gold": "d9a520", "golden": "e0b030",
    "green": "2f9a40", "emerald": "149a60", "olive": "7d8030", "lime": "8fd020",
    "mint": "9ae0b8", "teal": "149090", "turquoise": "30c4b8", "cyan": "20c4dc",
    "aqua": "30c8d0", "blue": "2458d8", "navy": "1c2a6a", "azure": "3a90f0",
    "indigo": "3c2c90", "violet": "7a3cc8", "purple": "8030b0", "magenta": "d020a0",
    "pink": "f080b0", "salmon": "f08878", "peach": "f8b890", "coral_red": "f06850",
    "maroon": "701c28", "brown": "7a4a28", "tan": "c8a070", "beige": "e4d4b0",
    "cream": "f6ecd0", "white": "f6f6f4", "ivory": "f6f0e0", "grey": "888c90",
    "gray": "888c90", "silver": "c0c6cc", "black": "1c1c22", "bronze": "a06c30",
    "copper": "b86a3a", "ginger": "d06a28", "blond": "e4c060", "blonde": "e4c060",
}  # fmt: skip
NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "dozen": 12, "couple": 2, "pair": 2, "several": 4, "many": 7, "some": 3,
    "few": 3, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9, "10": 10, "12": 12,
    "one": 1, "single": 1, "lone": 1, "lonely": 1, "solitary": 1, "1": 1,
}  # fmt: skip
_FILLER = """
a an the of in on at with and or by to from over under above below near through into onto is are
be as for its it this that there very quite highly ultra super some any background foreground
scene view image picture painting illustration drawing art artwork style styled
render rendering detailed detail details realistic masterpiece best quality hd uhd 4k 8k high
resolution beautiful stunning amazing epic gorgeous lovely pretty cute friendly nice wide shot
angle close up closeup front back side left right center centre middle top bottom light lighting
lit color colour colors colours tone behind beside between around across along after
before during against while where who her his their my your our small little big large huge giant
tiny tall ancient young new modern vintage deep bright beautifully sitting standing flying
running walking mood atmosphere day time one two three fantasy magical sunny happy winding long
short hair dress shirt eyes wearing holding stone wooden brick green_tea hour trending artstation
"""
FILLER = frozenset(_FILLER.split())
STANDING = ("person", "astronaut", "wizard", "knight", "samurai", "santa", "alien")
PLACES = tuple(LAND)
SUBJECTS = {**ANIMALS, **FIGURES, **STILL}
THINGS = {**LAND, **SKY, **TREES, **FLOWERS, **PROPS, **SUBJECTS}
