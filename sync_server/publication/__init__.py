"""A round's life: closed with a check list, copied, signed, released, corrected. What others see is a copy. No page."""
