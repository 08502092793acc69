"""Learn 学习: exercises, the classroom, and what is revealed at their end."""
