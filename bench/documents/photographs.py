"""Pictures that encoders meet as they meet photographs: noise of all sizes, haze, blur by depth, grain.

Each is a function of its size and a seed. Imports numpy and Pillow.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Size = tuple[int, int]
Field = NDArray[np.float32]
"""Values of one picture's pixels, about 0 to 1; a picture has a third axis for its channels."""
GRAIN = 8.0


def landscape(size: Size, seed: int) -> Image.Image:
    """Ridges that fade into haze under clouds."""
    random = np.random.default_rng(seed)
    width, height = size
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    top, low = random.uniform((0.15, 0.3, 0.5), (0.45, 0.55, 0.8)), random.uniform(0.7, 0.98, 3)
    clouds = np.clip(_clouds(size, seed + 1) * 2.2 - 0.9, 0, 1)[:, :, None] * (1 - down[:, :, None])
    picture = _mix(np.broadcast_to(top, (height, width, 3)), low, down[:, :, None] * 1.6)
    picture = _mix(picture, np.float32(0.97), clouds)
    earth = random.uniform((0.10, 0.16, 0.06), (0.34, 0.32, 0.2))
    for ridge in range(5):
        nearness = (ridge + 1) / 5
        line = 0.38 + 0.12 * ridge + (_clouds((width, 8), seed + 9 * ridge)[0] - 0.5) * 0.34 * nearness
        texture = _clouds(size, seed + 30 + ridge, finest=2)[:, :, None]
        ground = _mix(earth * (0.45 + 1.3 * texture), low * 0.92, np.float32(0.9 * (1 - nearness)))
        edge = np.clip((down - line[None, :]) * height / 1.5, 0, 1)[:, :, None]
        picture = _mix(picture, ground, edge)
    return _developed(picture, seed)


def still_life(size: Size, seed: int) -> Image.Image:
    """Glazed balls on a table, sharp in front of a room that is out of focus."""
    random = np.random.default_rng(seed)
    width, height = size
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    picture = _room(size, random)
    grain = _clouds((width, max(8, height // 6)), seed + 2, finest=1)
    wood = np.asarray(Image.fromarray(grain).resize(size, Image.Resampling.BICUBIC))[:, :, None]
    table = random.uniform(0.25, 0.6, 3) * (0.55 + 0.8 * wood)
    picture = _mix(picture, table, np.clip((down - 0.62 * height) / (0.03 * height), 0, 1)[:, :, None])
    for _ in range(4):
        radius = random.uniform(0.1, 0.2) * min(size)
        x, y = random.uniform(0.15, 0.85) * width, random.uniform(0.62, 0.85) * height - radius * 0.4
        picture = _with_ball(picture, ((across - x) / radius, (down - y) / radius), random, wood)
    return _developed(picture, seed)


def cloth(size: Size, seed: int) -> Image.Image:
    """Woven cloth in folds, filling the frame."""
    random = np.random.default_rng(seed)
    across, down = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    folds = _clouds(size, seed + 1, finest=96)
    bent = 70 * folds
    threads = np.sin((across + bent) / 2.7) * np.sin((down - bent) / 2.7) * 0.5 + 0.5
    worn = _clouds(size, seed + 2, finest=1)
    light = 0.25 + 1.1 * np.clip(folds * 1.6 - 0.3, 0, 1)
    shade = (light * (0.7 + 0.25 * threads + 0.3 * worn))[:, :, None]
    return _developed(random.uniform(0.15, 0.85, 3).astype(np.float32) * shade, seed)


KINDS: tuple[Callable[[Size, int], Image.Image], ...] = (landscape, still_life, cloth)


def _room(size: Size, random: np.random.Generator) -> Field:
    small = Image.fromarray(random.integers(30, 200, (7, 6, 3), dtype=np.uint8)).resize(
        size, Image.Resampling.BICUBIC
    )
    room: Field = np.asarray(small, dtype=np.float32) / np.float32(255)
    across, down = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    for _ in range(14):
        x, y = random.uniform(0, size[0]), random.uniform(0, 0.6 * size[1])
        radius = random.uniform(0.02, 0.06) * min(size)
        disc = np.clip(radius - np.hypot(across - x, down - y), 0, 6)[:, :, None] / 6
        room = _mix(room, random.uniform(0.7, 1, 3), 0.5 * disc)
    return room


def _with_ball(
    picture: Field, around: tuple[Field, Field], random: np.random.Generator, texture: Field
) -> Field:
    across, down = around
    distance = across**2 + down**2
    depth = np.sqrt(np.clip(1 - distance, 0, 1))
    light = np.clip(-0.5 * across - 0.6 * down + 0.62 * depth, 0, 1)[:, :, None]
    glaze = random.uniform(0.1, 0.9, 3) * (0.18 + 0.9 * light) * (0.8 + 0.4 * texture) + 0.8 * light**40
    shadow = np.clip(1.3 - np.hypot(across - 0.4, (down - 0.9) * 3), 0, 1)[:, :, None]
    return _mix(picture * (1 - 0.6 * shadow), glaze, np.clip((1 - distance) * 60, 0, 1)[:, :, None])


def _clouds(size: Size, seed: int, finest: int = 4) -> Field:
    """Noise in which each octave is half as strong as the next larger one, down to ``finest`` pixels."""
    random = np.random.default_rng(seed)
    total = np.zeros((size[1], size[0]), dtype=np.float32)
    step, strength, sum_of_strengths = max(size) / 3, 1.0, 0.0
    while step >= finest:
        cells = (max(2, round(size[0] / step) + 1), max(2, round(size[1] / step) + 1))
        noise = Image.fromarray(random.random((cells[1], cells[0]), dtype=np.float32))
        total += strength * np.asarray(noise.resize(size, Image.Resampling.BICUBIC))
        sum_of_strengths += strength
        step, strength = step / 2, strength * 0.55
    return total / np.float32(sum_of_strengths)


def _mix(one: object, other: object, share: object) -> Field:
    a, b = np.asarray(one, np.float32), np.asarray(other, np.float32)
    mixed: Field = a + (b - a) * np.clip(np.asarray(share, np.float32), 0, 1)
    return mixed


def _developed(picture: Field, seed: int) -> Image.Image:
    """In 8 bits, with the grain and the slight softness of a lens."""
    grain = np.random.default_rng(seed).standard_normal(picture.shape[:2], dtype=np.float32)[:, :, None]
    levels = 255 * np.clip(picture, 0, 1) ** 0.85 + GRAIN * grain
    image = Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))
    return image.filter(ImageFilter.GaussianBlur(0.7))
