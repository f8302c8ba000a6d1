*** Settings ***
Documentation       The car is plugged in at a public station: contract, authorisation and payment go over the cable.
...                 Polestar 2, Charging, Plug & Charge, second part.
...                 Branchée à une station publique, la voiture règle contrat, autorisation et paiement par le câble.
Library             ConnectHil


*** Test Cases ***
The Car Charges At A Public Station
    [Documentation]    The contract is installed, display and socket tell how far it is, and then charging begins.
    ...    La voiture se recharge à une station publique : le contrat s'installe par le câble, l'écran et la prise
    ...    montrent où on en est, et la recharge commence après l'autorisation.
    [Tags]    C-06    C-07    C-08    procedure:pnc-charge
    Given A Contract Waits To Be Installed
    And The Provider Takes Its Time
    When The Driver Plugs In At A Public Station
    Then While It Is Installed The Display Says Installing Contract Certificate And The Socket Is Blue
    And While It Is Authorised The Display Says Authorising And The Socket Is Yellow
    And No Current Flows Yet
    And Charging Begins Once The Contract Is Authorised
    And The Lamp At The Charge Socket Is Green
    And Neither Card Nor App Was Used
    And The Contract Is Billed
