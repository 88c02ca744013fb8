"""The words that people use for what a picture shows. Lists with repeats say how often a word is used."""

SUBJECTS = {
    'man': ['man'] * 5 + ['guy', 'male', 'gentleman', 'fellow', 'bloke', 'dude'],
    'woman': ['woman'] * 5 + ['lady', 'female', 'lady', 'gal'],
    'young man': ['boy', 'lad', 'young man'], 'young woman': ['girl', 'girl', 'young woman'],
    'old man': ['grandfather', 'grandpa', 'old man', 'granddad'], 'old woman': ['grandmother', 'grandma', 'granny', 'old woman'],
    '': ['person'] * 5 + ['face'] * 4 + ['someone', 'human', 'head', 'individual', 'somebody', 'human face', 'portrait']}
NEUTRAL = ['a face'] * 3 + ['a person'] * 3 + [
    'a photo of a person', 'a photo of a face', 'a portrait', 'a portrait of a person', 'a picture of a person', 'a photo', 'a human face', 'someone', 'the face of a person', 'a head and shoulders portrait',
    'a picture of a face', 'a human being', 'person', 'face', 'a photo of someone', 'an image of a person', 'a headshot', 'a close-up of a face', 'human', 'a human', 'portrait', 'photo', 'a picture', 'an image',
    'an image of a face', 'a photograph', 'a photograph of a person', 'the photo of a face', 'somebody', 'a head', 'a portrait photo', 'people', 'face with hair', 'a face with hair', 'a person with hair', 'a face with eyes']
AGES = {'young': ['young', 'young', 'young', 'youthful', 'younger', 'very young'], 'middle-aged': ['middle-aged', 'mature', 'middle aged'], 'old': ['old', 'old', 'old', 'elderly', 'senior', 'aged', 'older', 'very old']}
OLD = ['who is old', 'old age', 'aged', 'of advanced age', 'in old age', 'older', 'a bit older', 'much older', 'slightly older', 'looking older', 'who looks old', 'a lot older', 'ageing', 'aging']
YOUNG = ['who is young', 'in their twenties', 'youth', 'in the twenties', 'younger', 'a bit younger', 'much younger', 'slightly younger', 'looking younger', 'who looks young', 'a lot younger']

STYLES = {
    'buzz cut': ['a buzz cut', 'closely shaved hair', 'very short cropped hair', 'a buzzcut'], 'short swept': ['short swept-back hair', 'short hair combed back', 'slicked-back hair'],
    'short textured': ['short textured hair', 'short tousled hair'], 'short side-parted': ['short side-parted hair', 'a side parting', 'a side-swept short cut', 'hair parted on the side'],
    'short cropped': ['short cropped hair', 'a crew cut'], 'layered bob': ['a layered bob', 'a bob haircut', 'a bob', 'a bob cut'],
    'straight bob': ['a straight bob', 'a chin-length bob', 'a bob', 'a bob cut'], 'long': ['long hair', 'long hair', 'long straight hair', 'hair past the shoulders', 'long loose hair', 'longer hair', 'very long hair'],
    'ponytail': ['a ponytail', 'hair tied back', 'hair pulled back', 'hair pulled back in a ponytail', 'a pony tail'], 'side braid': ['a side braid', 'braided hair', 'a braid', 'a plait', 'braids'],
    'afro': ['an afro', 'curly hair', 'big curly hair', 'frizzy hair', 'curls', 'afro hair', 'curly hair']}
HAIR = {'black': ['black', 'black', 'jet black', 'raven'], 'dark brown': ['dark brown'], 'brown': ['brown', 'brown', 'chestnut', 'brunette'], 'light brown': ['light brown'], 'blond': ['blond', 'blonde', 'golden', 'yellow', 'honey', 'sandy', 'fair'],
        'platinum blond': ['platinum blond', 'very light blond', 'bleached', 'platinum blonde', 'platinum'], 'auburn': ['auburn', 'reddish brown', 'copper', 'reddish', 'red-brown'], 'red': ['red', 'red', 'red', 'red', 'ginger', 'ginger', 'orange', 'fiery red', 'carrot', 'copper red'],
        'grey': ['grey', 'gray', 'silver'], 'white': ['white', 'snow white'], 'pink': ['pink', 'pink', 'dyed pink', 'bright pink'], 'blue': ['blue', 'blue', 'dyed blue', 'bright blue'],
        'green': ['green', 'green', 'dyed green', 'bright green'], 'purple': ['purple', 'purple', 'violet', 'dyed purple']}
HAIR_KINDS = [('dark', 'hair dark'), ('light', 'hair light'), ('fair', 'hair light'), ('blond', 'hair blond'), ('blonde', 'hair blond'), ('brown', 'hair brown'), ('brunette', 'hair brown'), ('grey', 'hair grey'),
              ('gray', 'hair grey'), ('greying', 'hair grey'), ('dyed', 'hair dyed'), ('brightly coloured', 'hair dyed'), ('colorful', 'hair dyed')]
HAIRED = {'blond', 'blonde', 'brunette', 'dark', 'fair', 'red', 'grey', 'gray', 'black', 'pink', 'blue', 'green', 'purple', 'white', 'brown', 'ginger', 'silver'}  # "red-haired"
HAIRED_ALONE = {'blond', 'blonde', 'brunette', 'ginger'}
REDHEAD = ['red-headed', 'redheaded', 'ginger']  # "a blonde woman"
LENGTHS = [('short hair', 'hair short'), ('short hair', 'hair short'), ('shorter hair', 'hair short'), ('medium-length hair', 'hair medium'), ('shoulder-length hair', 'hair medium'), ('long hair', 'hair long'), ('long hair', 'hair long'),
           ('hair tied back', 'tied back')]
BALD = ['a bald head', 'no hair', 'a shaved head', 'a bald head', 'baldness', 'a hairless head', 'a bald scalp']
BALD_ADJECTIVES = ['bald', 'bald', 'bald-headed', 'hairless']
TIED = ['whose hair is tied back', 'hair pulled back']
NO_FRINGE = ['without bangs', 'no bangs', 'without a fringe', 'no fringe', 'with a bare forehead', 'with the hair off the forehead']
FRINGE = ['bangs', 'bangs', 'a fringe', 'a heavy fringe', 'hair over the forehead']
MESSY = ['messy hair', 'tousled hair', 'unkempt hair', 'untidy hair']

SHUT = ['with eyes closed', 'eyes shut', 'with closed eyes', 'closed eyes', 'sleeping', 'with both eyes shut', 'eyes closed', 'asleep']
WIDE = ['with wide eyes', 'wide-eyed', 'staring', 'with wide open eyes', 'with big eyes']
BROAD_SMILE = ['smiling broadly', 'laughing', 'with a big toothy smile', 'grinning', 'showing teeth', 'with a broad smile', 'with a wide grin', 'very happy', 'with a big smile', 'smiling with teeth', 'beaming', 'with a grin', 'a big smile',
               'laughter', 'with a laugh', 'with white teeth', 'joyful', 'chuckling', 'with a toothy grin', 'smiling widely', 'smiling more', 'with a bigger smile', 'overjoyed', 'delighted']
BROAD_SMILE_ADJECTIVES = ['laughing', 'grinning', 'happy', 'cheerful', 'joyful', 'very happy']
SLIGHT_SMILE = ['with a slight smile', 'with a gentle smile', 'smiling slightly', 'smiling a little', 'with a faint smile', 'with a bit of a smile', 'half smiling', 'smiling gently', 'a slight smile']
SMILE = ['smiling'] * 4 + ['with a smile', 'with a smile', 'looking happy', 'with a smile on the face', 'who smiles', 'who is smiling', 'a smile', 'smile', 'happy', 'smiles', 'with a happy expression', 'looking cheerful', 'with a friendly smile', 'happiness', 'looking pleased', 'glad', 'in a good mood', 'looking friendly', 'happier']
SMILE_ADJECTIVES = ['smiling', 'smiling', 'smiling', 'happy', 'happy', 'cheerful', 'friendly', 'smiley']
NO_SMILE = ['not smiling', 'without a smile', 'no smile', 'unsmiling']
SURPRISED = ['looking surprised', 'with an open mouth', 'shocked', 'astonished', 'with a surprised look', 'amazed', 'with the mouth wide open', 'surprised', 'surprise', 'startled', 'with a shocked expression', 'gasping', 'stunned', 'looking amazed', 'in awe']
SURPRISED_ADJECTIVES = ['surprised', 'surprised', 'shocked', 'astonished', 'amazed']
MOUTH_OPEN = ['with the mouth open', 'with an open mouth', 'with parted lips', 'open mouth']
SAD = ['frowning', 'looking sad', 'with a sad face', 'looking unhappy', 'with a downturned mouth', 'with a sad look', 'sad', 'sadness', 'unhappy', 'with a sad expression', 'with a frown', 'looking gloomy', 'miserable', 'pouting', 'sulking', 'upset', 'downcast', 'with the corners of the mouth down', 'disappointed']
SAD_ADJECTIVES = ['sad', 'sad', 'unhappy', 'frowning', 'gloomy', 'depressed']
ANGRY = ['looking angry', 'scowling', 'with furrowed brows', 'looking stern', 'with an angry look', 'angry', 'anger', 'furious', 'with an angry expression', 'looking mad', 'looking cross', 'grumpy', 'annoyed', 'irritated', 'in a bad mood', 'glaring', 'enraged']
ANGRY_ADJECTIVES = ['angry', 'angry', 'stern', 'scowling', 'furious', 'grumpy', 'cross']
PUCKER = ['puckering the lips', 'with pursed lips', 'making a kissing face', 'blowing a kiss', 'pursed lips', 'a kiss', 'with puckered lips']
CALM = ['with a neutral expression', 'not smiling', 'looking serious', 'with a straight face', 'expressionless', 'with a calm look', 'serious', 'a serious look']
CALM_ADJECTIVES = ['serious', 'calm']
RAISED = ['with raised eyebrows', 'raising the eyebrows', 'raised eyebrows']

GLASSES = ['glasses'] * 4 + ['spectacles', 'eyeglasses', 'a pair of glasses', 'specs', 'reading glasses', 'eye glasses', 'framed glasses']
SUNGLASSES = ['sunglasses', 'sunglasses', 'sunglasses', 'dark glasses', 'shades', 'dark sunglasses', 'black sunglasses', 'sun glasses']
NO_SUNGLASSES = ['without sunglasses', 'without sunglasses', 'no sunglasses', 'not wearing sunglasses']
NO_GLASSES = ['without spectacles', 'without glasses', 'without glasses', 'no glasses', 'not wearing glasses', 'who has no glasses']
BEARDS = {'stubble': ['stubble', "a five o'clock shadow", 'an unshaven face', 'a few days of stubble', 'a stubbly chin'], 'moustache': ['a moustache', 'a mustache', 'moustache', 'mustache', 'a hairy upper lip', 'a tache'], 'goatee': ['a goatee', 'a chin beard', 'goatee'],
          'short beard': ['a short beard', 'a trimmed beard', 'a neat beard'], 'full beard': ['a full beard', 'a full beard', 'a bushy beard', 'a thick beard', 'a heavy beard']}
NO_BEARD = ['clean-shaven', 'without a beard', 'no facial hair', 'no beard', 'with no beard', 'beardless', 'clean shaven', 'shaved']
FEDORA, BEANIE = ['fedora', 'fedora', 'brimmed hat', 'fedora hat', 'trilby', 'felt hat'], ['beanie', 'beanie', 'woolly hat', 'knit cap', 'beanie hat', 'cap', 'wool cap', 'knitted hat', 'bobble hat', 'winter hat']
NO_HAT = ['without a hat', 'no hat', 'not wearing a hat', 'bareheaded']
HOOPS, STUDS, EARRINGS = ['hoop earrings', 'hoops in the ears', 'large hoop earrings', 'big earrings'], ['stud earrings', 'small earrings'], ['earrings', 'earrings', 'an earring', 'jewellery', 'jewelry', 'ear rings', 'earings']
LIPSTICK, STRONG_LIPSTICK = ['lipstick', 'lipstick', 'painted lips', 'coloured lips'], ['bold lipstick', 'strong lipstick', 'bright lipstick']
EYESHADOW, LINER, BLUSH = ['eyeshadow', 'eye make-up', 'eye makeup', 'painted eyelids', 'eye shadow'], ['eyeliner', 'dark eyeliner'], ['blush', 'rosy cheeks', 'rouge on the cheeks', 'pink cheeks', 'blushing cheeks']
HEAVY_MAKEUP, MAKEUP = ['heavy make-up', 'a lot of make-up', 'heavy makeup', 'lots of makeup', 'strong make-up'], ['make-up', 'makeup', 'make up', 'make-up', 'makeup', 'cosmetics']
NO_LIPSTICK = ['without lipstick', 'no lipstick', 'with bare lips', 'with natural lips']
NO_EARRINGS = ['without earrings', 'without earrings', 'no earrings', 'with bare ears', 'not wearing earrings']
NO_FRECKLES = ['without freckles', 'without freckles', 'no freckles', 'with clear skin', 'with even skin']
NO_MAKEUP = ['without make-up', 'no make-up', 'no makeup', 'without makeup', 'with a bare face']
FRECKLES, MANY_FRECKLES = ['freckles', 'freckles', 'a freckled face', 'freckles on the nose', 'freckles on the cheeks'], ['many freckles', 'a lot of freckles', 'strong freckles', 'a very freckled face']
WRINKLES = ['wrinkles', 'wrinkles', 'a wrinkled face', 'lines on the face', 'deep wrinkles', 'wrinkled skin']
THICK_BROWS, THIN_BROWS = ['thick eyebrows', 'bushy eyebrows', 'heavy brows', 'thick brows'], ['thin eyebrows', 'fine eyebrows', 'thin brows']
HEAVY, HEAVY_WITH = ['chubby', 'round-faced', 'heavy', 'overweight', 'plump', 'fat', 'fat', 'chubby'], ['a round face', 'chubby cheeks', 'full cheeks', 'a fat face', 'a double chin', 'a chubby face']
THIN, THIN_WITH = ['thin', 'thin', 'slim-faced', 'gaunt', 'slim', 'skinny', 'slender'], ['a thin face', 'hollow cheeks', 'a narrow face', 'a slim face']
SKIN = [['very pale skin', 'a pale complexion', 'porcelain skin', 'pale skin', 'pale skin'], ['fair skin', 'light skin', 'a light complexion'], ['tan skin', 'olive skin', 'medium skin', 'tanned skin', 'a tan'],
        ['brown skin', 'a brown complexion'], ['dark skin', 'deep brown skin', 'a dark complexion', 'very dark skin', 'dark skin']]
FRONT = ['facing the camera', 'seen from the front', 'looking straight ahead', 'looking at the camera', 'facing forward']
RIGHT, LEFT = ['turned to the right', 'facing right', 'looking to the right', 'looking right', 'with the head turned right'], ['turned to the left', 'facing left', 'looking to the left', 'looking left', 'with the head turned left']
ASIDE = ['seen from an angle', 'looking to the side', 'seen from the side', 'looking away', 'turned to the side', 'from the side']

FRAMES = ['{}'] * 6 + ['a photo of {}', 'a photo of {}', 'a portrait of {}', 'the face of {}', 'a picture of {}', 'a close-up of {}', 'an image of {}', 'a headshot of {}', 'this is {}', 'photograph of {}', 'a photograph of {}', 'portrait of {}']

# What people tell an editor to do; {} is a thing, or what somebody is to be.
GIVE = ['add {}', 'give them {}', 'give this person {}', 'put on {}', 'i want {}', 'make it {}', 'change to {}', 'more {}', 'now with {}', 'try {}']
MAKE = ['make them {}', 'make the person {}', 'make the face {}', 'more {}', 'should be {}', 'let them be {}', 'turn {}', 'make it {}']
REMOVE = ['remove {}', 'take off {}', 'no {}', 'lose {}', 'take away {}', 'delete {}', 'get rid of {}']

# Pairs of claims that no training sentence says together, to measure composition.
APART = [('hair=pink', 'beard=full beard'), ('fedora', 'broad smile'), ('hair=red', 'round glasses'), ('hair=blond', 'lips=red'), ('beanie', 'sunglasses'), ('hair long', 'angry'), ('bald', 'glasses'), ('old', 'freckles'),
         ('style=afro', 'hoop'), ('fringe', 'eyes blue'), ('sad', 'beard'), ('surprised', 'woman')]
