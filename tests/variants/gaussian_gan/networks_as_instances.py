# differs: the networks themselves stand in the file, where functions are described
# only: net_D, net_G, update_D, update_G, train
net_G = nn.Linear(2, 2)
net_D = nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 3), nn.Tanh(), nn.Linear(3, 1))
