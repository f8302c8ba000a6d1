*** Settings ***
Documentation       Plug & Charge is switched on, where it is supported, and led to a contract.
...                 Polestar 2, Charging, Plug & Charge, first part.
...                 Plug & Charge est mis en marche, là où il est pris en charge, et mené à un contrat.
Library             ConnectHil


*** Test Cases ***
Plug & Charge Is Switched On
    [Documentation]    In the settings of the car: Charging, Advanced, Plug & Charge. Learn more explains the rest.
    ...    Plug & Charge est mis en marche : Recharge, Avancé, Plug & Charge. En savoir plus explique la suite.
    [Tags]    C-01    C-05    procedure:pnc-switch-on
    Given The Driver Goes To Settings, Charging, Advanced, Plug & Charge
    When The Driver Switches Plug & Charge On
    Then The Charger Knows That Plug & Charge Is On
    And Learn More Explains The Set-up

Plug & Charge Is Not Supported Everywhere
    [Documentation]    Where country or provider lack support it cannot be switched, and the display says why.
    ...    Plug & Charge n'est pas pris en charge partout : il reste grisé, et l'écran dit pourquoi.
    [Tags]    C-02    procedure:pnc-not-offered
    Given The Car Is Driving In France
    And Plug & Charge Can Be Switched
    When The Car Crosses The Border Into United Kingdom
    Then Plug & Charge Is Greyed Out Because It Is Not Available In United Kingdom
    When The Car Crosses The Border Into France
    Then Plug & Charge Can Be Switched
    When The Provider Does Not Offer Plug & Charge
    Then Plug & Charge Is Greyed Out Because The Provider Does Not Offer It

The App Sets Up A Contract
    [Documentation]    The app is started, and each step that it shows is taken.
    ...    L'application établit le contrat : chaque étape qu'elle montre est suivie.
    [Tags]    C-03    procedure:pnc-set-up
    Given The Driver Switches Plug & Charge On
    When The Owner Follows The App To The End
    Then There Is A Contract With The Partner That Is In Order
    And The App Says To Plug In

Another Provider Is Used
    [Documentation]    With the PCID that the car shows.
    ...    Un autre prestataire est choisi, avec le PCID que la voiture affiche.
    [Tags]    C-04    procedure:pnc-other-provider
    Given The Driver Switches Plug & Charge On
    When The Owner Gives The PCID Of The Display To Another Provider
    Then There Is A Contract With The Other Provider That Is In Order
