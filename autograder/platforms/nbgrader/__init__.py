"""nbgrader: `course` writes a course, `cells` grades its notebooks, `six_steps` reads an answer."""
