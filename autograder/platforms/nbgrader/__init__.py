"""nbgrader: `course` writes one, `cells` grades its notebooks, `six_steps` reads a written answer."""
