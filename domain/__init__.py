"""What the bot knows: pure rules over plain values. The present moment is always an argument."""
