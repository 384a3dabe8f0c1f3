"""Irregular plurals and verb forms of English, and the word that each belongs to.

Own compilation. Left out are forms that are words of their own more often than not ("won", "bit", "wound", "lives").
"""

from __future__ import annotations

# base: forms
_FORMS = """
man: men
woman: women
child: children
foot: feet
tooth: teeth
goose: geese
mouse: mice
ox: oxen
wife: wives
knife: knives
thief: thieves
wolf: wolves
half: halves
shelf: shelves
loaf: loaves
calf: calves
crisis: crises
thesis: theses
hypothesis: hypotheses
phenomenon: phenomena
criterion: criteria
arise: arose arisen
awake: awoke awoken
beat: beaten
become: became
begin: began begun
bend: bent
bite: bitten
bleed: bled
blow: blew blown
break: broke broken
breed: bred
bring: brought
build: built
buy: bought
catch: caught
choose: chose chosen
come: came
creep: crept
deal: dealt
dig: dug
draw: drew drawn
drink: drank drunk
drive: drove driven
eat: ate eaten
fall: fell fallen
feed: fed
feel: felt
fight: fought
find: found
flee: fled
fly: flew flown
forbid: forbade forbidden
forget: forgot forgotten
forgive: forgave forgiven
freeze: froze frozen
give: gave given
go: went gone
grow: grew grown
hang: hung
hear: heard
hide: hid hidden
hold: held
keep: kept
know: knew known
lead: led
leap: leapt
learn: learnt
leave: left
lend: lent
lose: lost
make: made
mean: meant
meet: met
mistake: mistook mistaken
overcome: overcame
pay: paid
ride: rode ridden
ring: rang rung
rise: rose risen
run: ran
say: said
see: saw seen
seek: sought
sell: sold
send: sent
shake: shook shaken
shine: shone
shoot: shot
show: shown
shrink: shrank shrunk
sing: sang sung
sink: sank sunk
sit: sat
sleep: slept
slide: slid
speak: spoke spoken
spell: spelt
spend: spent
spring: sprang sprung
stand: stood
steal: stole stolen
stick: stuck
strike: struck stricken
swear: swore sworn
sweep: swept
swim: swam swum
swing: swung
take: took taken
teach: taught
tear: tore torn
tell: told
think: thought
throw: threw thrown
undergo: underwent undergone
understand: understood
undertake: undertook undertaken
wake: woke woken
wear: wore worn
weep: wept
withdraw: withdrew withdrawn
withhold: withheld
withstand: withstood
write: wrote written
die: dying
lie: lying
tie: tying
"""
BASE_FORMS: dict[str, str] = {
    form: base for line in _FORMS.strip().splitlines() for base, forms in (line.split(": "),) for form in forms.split()
}
