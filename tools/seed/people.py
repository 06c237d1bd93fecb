"""Who lives there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PASSWORD: Final = "a room with a view"  # noqa: S105  # printed for whoever wants to look around


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """Somebody, and how many of the world's pictures are theirs."""

    handle: str
    name: str
    bio: str
    pictures: int

    @property
    def email(self) -> str:
        """Goes nowhere: the domain is reserved."""
        return f"{self.handle}@example.org"


PEOPLE: Final = (
    Inhabitant("ines", "Inês Carvalho", "Paper, light, and the hour before dinner.", 96),
    Inhabitant("noor", "Noor Haddad", "Posters for bands that do not exist yet.", 54),
    Inhabitant("tomasz", "Tomasz Wilk", "Mountains, mostly from memory.", 44),
    Inhabitant("yuki", "Yuki Arai", "Flowers, one at a time.", 40),
    Inhabitant("amara", "Amara Okafor", "Colour studies for a small ceramics shop in Lagos.", 36),
    Inhabitant("lena", "Lena Brandt", "Glass and lead. I restore church windows by day.", 32),
    Inhabitant("mateo", "Mateo Ruiz", "Seas I have swum in.", 28),
    Inhabitant("freya", "Freya Nilsen", "Quiet covers for loud books.", 22),
    Inhabitant("kofi", "Kofi Mensah", "Cloth, folds, wind.", 18),
    Inhabitant("sara", "Sara Lindqvist", "Arches I would like to walk through.", 14),
    Inhabitant("bruno", "Bruno Costa", "Still lifes, before somebody eats them.", 10),
    Inhabitant("mei", "Mei Tan", "Just looking around.", 6),
)
