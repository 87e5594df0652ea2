"""What lies under a session: generated beds and a listener's music, their level over time, and the mix over them."""
