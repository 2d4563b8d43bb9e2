# tries: to leave a thread behind that goes on forever
import threading
import time


def forever():
    while True:
        time.sleep(0.1)


threading.Thread(target=forever).start()
