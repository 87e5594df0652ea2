"""What espeak-ng 1.52 says wrongly in English, and how it must be written. tests/voices/test_lexicon.py has the proofs.

Every entry is there because espeak's phonemes were wrong without it, and right with it.
"""

from __future__ import annotations

from voiceguide.voices.lexicon import Lexicon

# Words that people write in capitals to stress them, and the abbreviations that are said as words, or that espeak
# already spells. Longer words are never spelled.
_KNOWN = """
    ADD AGO AIM AIR ALL ALSO AM AND ANKLE ANY ARE ARM ARMS AS ASK AT AWAY BACK BALL BE BED BELLY BELOW BEND
    BEST BLOCK BODY BONE BOTH BOW BREAK BUT BY CALF CALM CAN CHAIR CHEST CHIN CLEAR CLOSE COLD COME CORE COUNT
    CURL DAY DEEP DO DOES DONE DOOR DOWN DRAW DROP EACH EAR EASE EASY EIGHT ELBOW END ENDS EVEN EVER EXIT EYE
    EYES FACE FALL FAR FAST FEEL FEET FEW FIND FIRM FIRST FIVE FLAT FLEX FLOOR FOLD FOOT FOR FORCE FOUR FREE
    FROM FRONT FULL GAZE GET GIVE GLUTE GO GOES GOOD GRIP GROIN HALF HAND HANDS HARD HAS HAVE HEAD HEEL HEELS
    HERE HIGH HIP HIPS HOLD HOW HUG IF IN INTO IS IT ITS JAW JOINT JUST KEEP KNEE KNEEL KNEES LAST LEAN LEFT
    LEG LEGS LESS LET LIE LIFT LIGHT LIKE LINE LONG LOOK LOOSE LOW LOWER MAKE MAT MAY ME MID MORE MOST MOVE
    MUCH MUST MY NASA NECK NEVER NEXT NINE NO NOR NOSE NOT NOTE NOW ODD OF OFF OK ON ONCE ONE ONLY OPEN OR
    OTHER OUR OUT OVER PAIN PALM PAUSE PEAK PLACE PLANK PLEASE PRESS PULL PUSH PUT QUAD QUIET RAISE REACH
    READY REAR REAL RELAX REPS REST RIB RIBS RICE RIGHT RISE ROLL ROUND SAFE SAME SAY SEAT SEE SET SETS SEVEN
    SHIFT SHIN SHORT SHOULD SIDE SIDES SIT SIX SKIN SLIDE SLOW SMALL SO SOFT SOLE SOME SOON SPINE STAND START
    STAY STEP STILL STOP SUCH SURE SWAP TABLE TAIL TAKE TALL TEN THAN THAT THE THEIR THEM THEN THERE THESE
    THEY THIGH THIS THREE THUMB TIGHT TILT TIME TIP TO TOE TOES TOO TOP TOWEL TRY TUCK TURN TWICE TWIST TWO
    UNTIL UP UPPER US USE VERY WAIST WAIT WALK WALL WARM WAS WATCH WAY WE WEEK WELL WERE WHAT WHEN WHERE WHILE
    WHO WHY WIDE WILL WITH WORK WRIST YES YET YOU YOUR ZERO AMRAP COVID SCUBA TENS
"""

ENGLISH = Lexicon(
    terms={
        "emom": "ee mom",
        "hiit": "hit",
        "iliopsoas": "ilio sowus",
        "lacrosse": "le cross",
        "namaste": "numma stay",
        "patella": "pattella",
        "pranayama": "prahna yahma",
        "psoas": "sowus",
        "quadriceps": "quadri seps",
        "sacroiliac": "sacro iliac",
        "thera band": "theirra band",
        "thera bands": "theirra bands",
        "thera cane": "theirra cane",
        "theraband": "theirra band",
        "therabands": "theirra bands",
        "theracane": "theirra cane",
        "trochanter": "troe kanter",
    },
    verbs={
        "alternate": "awlternate",
        "bow": "bough",
        "close": "cloze",
        "contract": "contractt",
        "increase": "inkreece",
        "insert": "insertt",
        "separate": "seperayt",
        "transfer": "transferr",
        "use": "yuze",
    },
    objected=frozenset({"bow"}),  # "Bow pose"
    known=frozenset(_KNOWN.split()),
)
